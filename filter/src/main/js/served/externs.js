/** @externs */
/** Where the module was served from, and what it exports: see wrapper.txt. */
var served;
