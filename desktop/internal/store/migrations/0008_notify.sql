-- Which messages of a room the user wants to be notified of: all, mentions or none; empty is all.
alter table rooms add column notify text not null default '';
