package sqlstore

// Stats says how the group commits go. The counts grow from Open on.
type Stats struct {
	Appends       int64 // drafts handled
	AppendBatches int64 // transactions for them
	AppendQueue   int   // drafts waiting now
	Marks         int64
	MarkBatches   int64
	MarkQueue     int
	Writers       int // connections that write at the moment
	Readers       int
	Indexed       int64 // messages put into the search index or taken out
	RoomsBehind   int   // rooms with messages to index, at the last look; at most roomsPerLook
}

// Stats reads the counters; it asks the database nothing.
func (db *DB) Stats() Stats {
	return Stats{
		Appends: db.appends.items.Load(), AppendBatches: db.appends.batches.Load(), AppendQueue: db.appends.waiting(),
		Marks: db.marks.items.Load(), MarkBatches: db.marks.batches.Load(), MarkQueue: db.marks.waiting(),
		Writers: db.writer.Stats().InUse, Readers: db.reader.Stats().InUse,
		Indexed: db.indexing.messages.Load(), RoomsBehind: int(db.indexing.behind.Load()),
	}
}
