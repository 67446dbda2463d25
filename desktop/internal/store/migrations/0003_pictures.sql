-- Pictures of rooms, a bounded cache. position keeps the order in which they came.
create table pictures (
  position     integer primary key autoincrement,
  picture_uuid text    not null unique,
  type         text    not null,
  content      blob    not null
);
