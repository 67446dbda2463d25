-- +goose Up
create table counters (
  name varchar(200) primary key,
  value bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
insert into counters (name, value) values ('directory_rev', 0);

create table departments (
  id bigint not null auto_increment primary key,
  department_uuid char(36) character set ascii collate ascii_bin not null unique,
  parent_id bigint,
  name varchar(200) not null,
  head_user_id bigint,
  sort bigint not null default 0,
  rev bigint not null,
  created_at bigint not null,
  deleted_at bigint,
  foreign key (parent_id) references departments (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index departments_rev on departments (rev);

create table users (
  id bigint not null auto_increment primary key,
  user_uuid char(36) character set ascii collate ascii_bin not null unique,
  username varchar(200) not null,
  username_key varchar(200) unique,
  employee_id varchar(200) not null,
  employee_id_key varchar(200) unique,
  email varchar(200) not null,
  email_key varchar(200) unique,
  name varchar(200) not null,
  birth_date varchar(200) not null default '',
  position varchar(200) not null default '',
  grade varchar(200) not null default '',
  department varchar(200) not null default '',
  department_id bigint,
  phone varchar(200) not null default '',
  status_text varchar(200) not null default '',
  password_hash varchar(255) not null,
  role varchar(32) character set ascii collate ascii_bin not null,
  state varchar(32) character set ascii collate ascii_bin not null,
  reject_reason varchar(1000) not null default '',
  register_token_hash char(64) character set ascii collate ascii_bin unique,
  rev bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null,
  decided_at bigint,
  decided_by bigint,
  deleted_at bigint,
  foreign key (department_id) references departments (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index users_rev on users (rev);
create index users_state on users (state, id);

create table devices (
  id bigint not null auto_increment primary key,
  device_uuid char(36) character set ascii collate ascii_bin not null,
  user_id bigint not null,
  name varchar(200) not null default '',
  platform varchar(200) not null default '',
  app_version varchar(200) not null default '',
  created_at bigint not null,
  last_seen_at bigint not null,
  unique (user_id, device_uuid),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table sessions (
  id bigint not null auto_increment primary key,
  session_uuid char(36) character set ascii collate ascii_bin not null unique,
  user_id bigint not null,
  device_id bigint not null,
  remote_addr varchar(64) not null default '',
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  revoke_reason varchar(200) not null default '',
  foreign key (user_id) references users (id),
  foreign key (device_id) references devices (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index sessions_user on sessions (user_id, revoked_at);
create index sessions_revoked on sessions (revoked_at);

create table refresh_tokens (
  id bigint not null auto_increment primary key,
  session_id bigint not null,
  token_hash char(64) character set ascii collate ascii_bin not null unique,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint,
  successor_id bigint,
  foreign key (session_id) references sessions (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index refresh_tokens_session on refresh_tokens (session_id);

create table rooms (
  id bigint not null auto_increment primary key,
  room_uuid char(36) character set ascii collate ascii_bin not null unique,
  kind varchar(32) character set ascii collate ascii_bin not null,
  name varchar(200) not null default '',
  direct_key varchar(80) character set ascii collate ascii_bin unique,
  create_key varchar(80) character set ascii collate ascii_bin unique,
  history varchar(32) character set ascii collate ascii_bin not null default 'joined',
  created_by bigint,
  created_at bigint not null,
  last_seq bigint not null default 0,
  rev bigint not null default 0,
  meta_rev bigint not null default 0,
  last_message_at bigint not null default 0,
  changed_at bigint not null,
  closed_at bigint,
  foreign key (created_by) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index rooms_changed on rooms (changed_at);

create table room_members (
  room_id bigint not null,
  user_id bigint not null,
  role varchar(32) character set ascii collate ascii_bin not null,
  joined_seq bigint not null,
  joined_at bigint not null,
  left_seq bigint,
  left_at bigint,
  last_read_seq bigint not null,
  last_read_at bigint not null default 0,
  my_rev bigint not null default 1,
  muted_until bigint,
  favourite tinyint not null default 0,
  hidden_seq bigint not null default -1,
  primary key (room_id, user_id),
  foreign key (room_id) references rooms (id),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index room_members_user on room_members (user_id, room_id);

-- No foreign keys here: every insert of the hot path would look up two parents that the same transaction holds already.
create table messages (
  id bigint not null auto_increment primary key,
  room_id bigint not null,
  seq bigint not null,
  rev bigint not null,
  kind varchar(32) character set ascii collate ascii_bin not null,
  sender_id bigint not null,
  client_id char(36) character set ascii collate ascii_bin not null,
  text text not null,
  system_notice text,
  created_at bigint not null,
  edited_at bigint,
  deleted_at bigint,
  deleted_by bigint,
  reply_to_seq bigint,
  forwarded_from bigint,
  pinned tinyint not null default 0,
  unique (room_id, seq),
  unique (sender_id, client_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index messages_rev on messages (room_id, rev);

create table message_edits (
  id bigint not null auto_increment primary key,
  message_id bigint not null,
  text text not null,
  edited_by bigint not null,
  edited_at bigint not null,
  foreign key (message_id) references messages (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index message_edits_message on message_edits (message_id);

create table message_mentions (
  message_id bigint not null,
  user_id bigint not null,
  primary key (message_id, user_id),
  foreign key (message_id) references messages (id),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table reactions (
  message_id bigint not null,
  user_id bigint not null,
  emoji varbinary(64) not null,
  created_at bigint not null,
  primary key (message_id, user_id, emoji),
  foreign key (message_id) references messages (id),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table settings (
  name varchar(200) primary key,
  value text not null,
  updated_at bigint not null,
  updated_by bigint
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table audit (
  id bigint not null auto_increment primary key,
  at bigint not null,
  actor_id bigint,
  action varchar(32) character set ascii collate ascii_bin not null,
  subject varchar(200) not null default '',
  detail text not null,
  remote_addr varchar(64) not null default '',
  prev_hash char(64) character set ascii collate ascii_bin not null,
  hash char(64) character set ascii collate ascii_bin not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index audit_at on audit (at);
