-- +goose Up
-- Moves of an original Hi_Msg into this server. fingerprint is of all that was read of it and of the settings: an import that was
-- broken off goes on only where it would do the same. after_id is how far it has come in its phase. detail is JSON: what came.
create table legacy_imports (
  id bigint not null auto_increment primary key,
  import_uuid char(36) character set ascii collate ascii_bin not null unique,
  fingerprint char(64) character set ascii collate ascii_bin not null unique,
  state varchar(32) character set ascii collate ascii_bin not null,
  phase varchar(32) character set ascii collate ascii_bin not null,
  after_id bigint not null default 0,
  started_at bigint not null,
  updated_at bigint not null,
  finished_at bigint,
  detail text not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
