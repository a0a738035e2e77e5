create table line (text varchar(100) not null unique);
