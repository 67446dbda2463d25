-- +goose Up
-- What the account of a person was before his deletion began, so that a server that stopped half-way gives it back.
alter table backups add column was_state varchar(32) character set ascii collate ascii_bin not null default '';
