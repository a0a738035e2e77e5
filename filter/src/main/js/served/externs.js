/** @externs */
/** What a module is served with, and what it exports: see the .txt beside it. */
var served;
