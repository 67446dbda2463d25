package demo

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	demoDays     = 60 // how far back the talk goes
	deletedPer   = 180
	unreadPeople = 3 // one in so many has not read the end of a room
	unreadFirst  = 2 // and of the first person's rooms, who opens the demo
)

var seoul = time.FixedZone("KST", 9*60*60)

// drafted is a message with the reactions to it.
type drafted struct {
	model.Message
	reactions []Reaction
}

// talk makes about n messages, shared out over the rooms by their weight, with ids in the order of time.
func (c *company) talk(n int) []drafted {
	total := 0
	for _, r := range c.rooms {
		total += r.weight
	}
	var all []drafted
	left := n
	for i, r := range c.rooms {
		share := n * r.weight / total
		if i == len(c.rooms)-1 {
			share = left
		}
		share = min(share, left)
		left -= share
		all = append(all, c.talkIn(r, share)...)
	}
	slices.SortStableFunc(all, func(a, b drafted) int { return int(a.CreatedAt - b.CreatedAt) })
	for i := range all {
		all[i].ID = int64(i + 1)
		for j := range all[i].reactions {
			all[i].reactions[j].MessageID = all[i].ID
		}
	}
	return all
}

// talkIn makes the n messages of a room, numbers them and places the members' cursors.
func (c *company) talkIn(r *room, n int) []drafted {
	if n == 0 {
		return nil
	}
	out := make([]drafted, 0, n)
	if r.row.Kind == wire.RoomGroup {
		out = append(out, c.number(r, c.createdLine(r)))
	}
	starts := c.threadTimes(r.kind, n)
	clock := time.UnixMilli(r.row.CreatedAt)
	for i := 0; len(out) < n; i++ {
		at := starts[min(i, len(starts)-1)]
		if at.Before(clock) {
			at = clock.Add(time.Minute)
		}
		for _, d := range c.playThread(r, at) {
			if len(out) < n {
				out = append(out, c.number(r, d))
				clock = time.UnixMilli(d.CreatedAt)
			}
		}
	}
	c.fitInto(out)
	r.row.LastMessageAt = out[len(out)-1].CreatedAt
	c.placeCursors(r, out)
	return out
}

// number gives a message its seq and rev. A reaction or a delete took a rev of its own.
func (c *company) number(r *room, d drafted) drafted {
	r.row.LastSeq++
	r.row.Rev++
	d.Seq = r.row.LastSeq
	if d.ReplyToSeq != 0 {
		d.ReplyToSeq = d.Seq - d.ReplyToSeq // so far it was a distance
	}
	if len(d.reactions) > 0 || d.DeletedAt != 0 {
		r.row.Rev++
	}
	d.Rev = r.row.Rev
	return d
}

func (c *company) createdLine(r *room) drafted {
	d := drafted{Message: c.message(r, r.members[0], time.UnixMilli(r.row.CreatedAt))}
	d.Kind = wire.MessageSystem
	d.System = &wire.SystemNotice{Action: wire.SystemCreated, ActorUUID: r.members[0].user.UUID, Name: r.row.Name}
	return d
}

// playThread writes one thread of the room's kind, beginning at a time.
func (c *company) playThread(r *room, at time.Time) []drafted {
	t := c.threads[r.kind][c.nextThread(r)]
	cast := c.rng.Perm(len(r.members))
	var out []drafted
	for i, l := range t.lines {
		m := r.members[cast[l.who%len(cast)]]
		to := r.members[cast[(l.who+1)%len(cast)]]
		d := drafted{Message: c.message(r, m, at)}
		d.Text = c.fill(l.text, at, to.user.Grade)
		if l.isReply && i > 0 {
			d.ReplyToSeq = int64(i)
		}
		if l.reaction != "" && len(r.members) > 1 {
			d.reactions = c.react(r, m, l.reaction, at)
		}
		if r.row.Kind != wire.RoomSelf && c.rng.IntN(deletedPer) == 0 {
			d.DeletedAt, d.Text, d.ReplyToSeq, d.reactions = d.CreatedAt+90_000, "", 0, nil
		}
		out = append(out, d)
		at = at.Add(time.Duration(8+c.rng.IntN(140)) * time.Second)
	}
	return out
}

// nextThread chooses among the threads of a room's kind, each once before any comes again.
func (c *company) nextThread(r *room) int {
	if len(r.turn) == 0 {
		r.turn = c.rng.Perm(len(c.threads[r.kind]))
	}
	next := r.turn[0]
	r.turn = r.turn[1:]
	return next
}

func (c *company) message(r *room, m *member, at time.Time) model.Message {
	return model.Message{
		RoomID: r.row.ID, RoomUUID: r.row.UUID, Kind: wire.MessageUser, SenderID: m.user.ID, SenderUUID: m.user.UUID,
		ClientID: c.uuid(), CreatedAt: at.UnixMilli(),
	}
}

func (c *company) react(r *room, by *member, emoji string, at time.Time) []Reaction {
	var out []Reaction
	for _, i := range c.rng.Perm(len(r.members))[:min(len(r.members), 1+c.rng.IntN(3))] {
		if who := r.members[i]; who != by {
			out = append(out, Reaction{UserID: who.user.ID, Emoji: emoji, At: at.Add(time.Minute).UnixMilli()})
		}
	}
	return out
}

// threadTimes spreads enough beginnings over the days: working hours for work, evenings and weekends for clubs.
func (c *company) threadTimes(kind string, n int) []time.Time {
	end := c.opt.Now.In(seoul)
	times := make([]time.Time, 0, n)
	for len(times) < n {
		d := end.AddDate(0, 0, -c.rng.IntN(demoDays))
		if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; weekend && kind != "club" && c.rng.IntN(25) > 0 {
			continue
		}
		minute := 8*60 + 40 + c.rng.IntN(9*60+40)
		if kind == "club" {
			minute = 12*60 + c.rng.IntN(9*60)
		}
		at := time.Date(d.Year(), d.Month(), d.Day(), 0, minute, c.rng.IntN(60), 0, seoul)
		if at.Before(end) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	// n beginnings are more than n messages need; take them evenly, the latest last.
	const linesPerThread = 4
	out := times[:0:0]
	for i := linesPerThread - 1; i < len(times); i += linesPerThread {
		out = append(out, times[i])
	}
	if len(out) == 0 {
		out = times
	}
	return out
}

// fitInto squeezes times that ran past now back before it, keeping their order.
func (c *company) fitInto(out []drafted) {
	limit := c.opt.Now.Add(-time.Minute).UnixMilli()
	for i := len(out) - 1; i >= 0 && out[i].CreatedAt > limit; i-- {
		out[i].CreatedAt = limit
		limit -= 5_000
		if out[i].DeletedAt != 0 {
			out[i].DeletedAt = out[i].CreatedAt + 1_000
		}
	}
	for i := len(out) - 2; i >= 0; i-- {
		out[i].CreatedAt = min(out[i].CreatedAt, out[i+1].CreatedAt-1)
	}
}

// placeCursors lets most members have read all, and some only up to a place near the end; nobody is behind his own words.
func (c *company) placeCursors(r *room, out []drafted) {
	own := map[int64]int64{}
	for _, d := range out {
		own[d.SenderID] = d.Seq
	}
	last := r.row.LastSeq
	for _, m := range r.members {
		m.LastReadSeq = last
		unread := unreadPeople
		if m.user.ID == 1 {
			unread = unreadFirst
		}
		if r.row.Kind != wire.RoomSelf && c.rng.IntN(unread) == 0 {
			m.LastReadSeq = max(last-1-int64(c.rng.IntN(12)), own[m.user.ID], 0)
		}
		m.MyRev++
	}
}

// uuid is a version 7 UUID whose random part comes from the company's own sequence.
func (c *company) uuid() string {
	var u uuid.UUID
	ms := uint64(c.opt.Now.UnixMilli())
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	a, b := c.rng.Uint64(), c.rng.Uint64()
	for i := range 8 {
		u[6+i] = byte(a >> (8 * i))
	}
	u[14], u[15] = byte(b), byte(b>>8)
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}
