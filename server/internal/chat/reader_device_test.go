package chat_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"

	"himsg/server/internal/bus"
	"himsg/shared/wire"
)

// readerDevice is the part of a client that shows who has read what: it holds the reply to reads, follows events, and asks
// again when members change.
type readerDevice struct {
	w      *receiptsWorld
	held   wire.ReadsReply
	lossy  bool
	chance *rand.Rand
}

func (d *readerDevice) ask() {
	reads, err := d.w.service.Reads(context.Background(), d.w.people[0], wire.ReadsRequest{RoomUUID: d.w.room})
	d.w.must(err)
	d.held = reads
}

// take applies what was published since the last time: some of it not at all while the device is lossy, some of it twice.
func (d *readerDevice) take() {
	d.w.log.mu.Lock()
	fresh := slices.Clone(d.w.log.events[d.w.seen:])
	d.w.seen = len(d.w.log.events)
	d.w.log.mu.Unlock()
	for _, e := range fresh {
		if e.RoomUUID != d.w.room || len(e.Users) > 0 && !slices.Contains(e.Users, d.w.people[0].UserID) {
			continue
		}
		if d.lossy && d.chance.IntN(3) == 0 {
			continue
		}
		for range 1 + d.chance.IntN(2) {
			d.apply(e)
		}
	}
}

func (d *readerDevice) apply(e bus.Event) {
	switch e.Ev {
	case wire.EvRead:
		read := decode[wire.Read](d.w, e.Data)
		if read.Histogram != nil {
			d.held = wire.ReadsReply{Histogram: read.Histogram}
		}
		for _, r := range read.Reads {
			d.raise(r.UserUUID, r.Seq)
		}
	case wire.EvMessage:
		m := decode[wire.Message](d.w, e.Data)
		d.raise(m.SenderUUID, m.Seq)
	case wire.EvRoom:
		if len(e.Join)+len(e.Leave) > 0 {
			d.ask()
		}
	default:
	}
}

// raise moves a cursor in the list; a histogram can't follow one member.
func (d *readerDevice) raise(userUUID string, seq int64) {
	for i := range d.held.Reads {
		if r := &d.held.Reads[i]; r.UserUUID == userUUID {
			r.LastReadSeq = max(r.LastReadSeq, seq)
		}
	}
}

func decode[T any](w *receiptsWorld, data []byte) (v T) {
	w.must(json.Unmarshal(data, &v))
	return v
}
