-- +goose Up
-- The search index of package sqlstore (search.go). It is derived: rows may lag behind the messages, and can be made anew
-- from them. term is a hash of a term of package search.
create table search_terms (
  room_id bigint not null,
  term int unsigned not null,
  message_id bigint not null,
  primary key (room_id, term, message_id)
) engine=InnoDB;

-- What search_terms holds of a message: its hashes, four bytes each, so that an edit or a delete finds them.
create table search_documents (
  message_id bigint not null primary key,
  terms blob not null
) engine=InnoDB;

-- Up to which rev of a room the index has come.
create table search_progress (
  room_id bigint not null primary key,
  rev bigint not null
) engine=InnoDB;
