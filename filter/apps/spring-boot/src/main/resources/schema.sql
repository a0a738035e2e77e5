create table if not exists line (text varchar(100) not null unique);
