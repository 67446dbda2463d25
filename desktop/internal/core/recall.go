package core

import (
	"slices"
	"sync"

	"himsg/shared/wire"
)

// maxRecalled is how many messages that are not in the store are remembered.
const maxRecalled = 4000

// recall remembers messages that the page got straight from the server, so that it can do something with them: the page
// names a message by its id, and only what it was shown is taken for one.
type recall struct {
	mu    sync.Mutex
	byID  map[int64]wire.Message
	order []int64
	files map[string]wire.Message // by file_id, out of lists of files
}

func newRecall() *recall {
	return &recall{byID: map[int64]wire.Message{}, files: map[string]wire.Message{}}
}

// Add remembers messages; the ones that were added first are forgotten.
func (r *recall) Add(messages ...wire.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range messages {
		held, ok := r.byID[m.MessageID]
		if !ok {
			r.order = append(r.order, m.MessageID)
		}
		if !ok || held.Rev < m.Rev {
			r.byID[m.MessageID] = m
		}
	}
	for len(r.order) > maxRecalled {
		delete(r.byID, r.order[0])
		r.order = r.order[1:]
	}
}

// Renew takes newer forms of messages that are remembered.
func (r *recall) Renew(messages []wire.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range messages {
		if held, ok := r.byID[m.MessageID]; ok && held.Rev < m.Rev {
			r.byID[m.MessageID] = m
		}
	}
}

// Get finds one.
func (r *recall) Get(messageID int64) (wire.Message, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.byID[messageID]
	return m, ok
}

// Find lists those of a room that are remembered.
func (r *recall) Find(roomUUID string, seqs []int64) []wire.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []wire.Message
	for _, m := range r.byID {
		if m.RoomUUID == roomUUID && slices.Contains(seqs, m.Seq) {
			out = append(out, m)
		}
	}
	return out
}

// Forget drops all of a room: it is no longer the user's.
func (r *recall) Forget(roomUUID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.order[:0]
	for _, id := range r.order {
		if r.byID[id].RoomUUID == roomUUID {
			delete(r.byID, id)
			continue
		}
		kept = append(kept, id)
	}
	r.order = kept
	for id, m := range r.files {
		if m.RoomUUID == roomUUID {
			delete(r.files, id)
		}
	}
}

// AddFile remembers a message that a file hangs on, as far as a room's list of files tells of it.
func (r *recall) AddFile(roomUUID string, f wire.RoomFile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files[f.File.FileID] = wire.Message{
		RoomUUID: roomUUID, MessageID: f.MessageID, Seq: f.Seq, SenderUUID: f.SenderUUID, Timestamp: f.Timestamp,
		Files: []wire.File{f.File},
	}
	if len(r.files) > maxRecalled {
		r.files = map[string]wire.Message{f.File.FileID: r.files[f.File.FileID]}
	}
}

// WithFile lists messages that are remembered and have a file.
func (r *recall) WithFile(fileID string) []wire.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []wire.Message
	for _, m := range r.byID {
		if slices.ContainsFunc(m.Files, func(f wire.File) bool { return f.FileID == fileID }) {
			out = append(out, m)
		}
	}
	if m, ok := r.files[fileID]; ok {
		out = append(out, m)
	}
	return out
}
