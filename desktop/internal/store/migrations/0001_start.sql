-- Facts of this file itself: me, directory_rev.
create table meta (
  key   text primary key,
  value text not null
) without rowid;

-- A room as its member sees it. held_*, my_rev, low and high are what the sync engine holds of it (client.Held);
-- last_seq and activity (milliseconds) are the newest that anything told. last_read_seq is the server's word; read_marks
-- may be ahead of it.
create table rooms (
  room_id       integer primary key,
  room_uuid     text    not null unique,
  kind          text    not null,
  name          text    not null,
  member_count  integer not null,
  members       text    not null,
  other_uuid    text    not null,
  last_seq      integer not null,
  activity      integer not null,
  last_message  text    not null,
  role          text    not null,
  joined_seq    integer not null,
  last_read_seq integer not null,
  muted_until   integer not null,
  favourite     integer not null,
  held_rev      integer not null,
  held_my_rev   integer not null,
  held_low      integer not null,
  held_high     integer not null,
  held_last_seq integer not null,
  held_joined   integer not null
);

-- at, edited_at, deleted_at: milliseconds. extra: JSON of the fields that are seldom set.
create table messages (
  room_id      integer not null references rooms (room_id) on delete cascade,
  seq          integer not null,
  rev          integer not null,
  message_id   integer not null,
  client_id    text    not null,
  kind         text    not null,
  sender_uuid  text    not null,
  text         text    not null,
  at           integer not null,
  edited_at    integer not null,
  deleted_at   integer not null,
  reply_to_seq integer not null,
  extra        text    not null,
  primary key (room_id, seq)
) without rowid;

create index messages_by_id on messages (message_id);

-- What the user sent, until the server's copy is in messages. position keeps the order of writing. sent_*: the server has
-- confirmed it, and its message event is still to come.
create table outbox (
  position     integer primary key autoincrement,
  client_id    text    not null unique,
  room_uuid    text    not null,
  text         text    not null,
  reply_to_seq integer not null,
  created_at   integer not null,
  failure      text    not null default '',
  sent_id      integer not null default 0,
  sent_seq     integer not null default 0,
  sent_rev     integer not null default 0,
  sent_at      integer not null default 0
);

create index outbox_by_room on outbox (room_uuid, position);

create table drafts (
  room_uuid text primary key,
  text      text not null
) without rowid;

-- Read marks that the server has not confirmed.
create table read_marks (
  room_uuid text primary key,
  seq       integer not null
) without rowid;

create table people (
  user_uuid text primary key,
  rev       integer not null,
  profile   text not null
) without rowid;

create table departments (
  department_uuid text primary key,
  rev             integer not null,
  department      text not null
) without rowid;
