-- The key of the sealed file beside the store that holds what the page handed over, see sealed.go; null: there is none.
alter table uploads add column seal blob;

-- JSON of the files (wire.File) of a message that is passed on, as they are known here until it is sent.
alter table outbox add column passed text not null default '[]';
