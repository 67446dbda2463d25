package clienttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// world is one run of the property test.
type world struct {
	t       *rapid.T
	ctx     context.Context
	model   *Model
	net     *network
	subject *guard
	syncer  *client.Syncer
	end     func()     // of the syncer
	ended   chan error // what it returned
	backup  *Model
	online  bool
	asked   sync.WaitGroup
	present int
}

// Run checks that a fresh snapshot of the server equals what a replica holds, after whatever was lost, doubled, reordered,
// delayed or cut off, as soon as the network lets it; and that a deleted message never comes back. It runs bubbles times as
// many cases as the flag rapid.checks says (100): several bubbles, since the hours that pass in one end rapid's patience.
// open returns an empty replica of the user Me; it is called for each case.
func Run(t *testing.T, bubbles int, open func(t *rapid.T) (subject Subject, done func())) {
	cases := 0
	for range bubbles {
		synctest.Test(t, func(t *testing.T) {
			withoutDeadline := struct{ testing.TB }{t} // which a bubble refuses
			rapid.Check(withoutDeadline, func(t *rapid.T) {
				cases++
				check(t, open)
			})
		})
	}
	t.Logf("%d cases", cases)
}

func check(t *rapid.T, open func(t *rapid.T) (Subject, func())) {
	ctx, cancel := context.WithCancel(context.Background())
	subject, done := open(t)
	w := &world{t: t, model: NewModel(), ctx: ctx, subject: &guard{Subject: subject, t: t, deleted: map[[2]any]bool{}}}
	w.model.MaxBehind = int64(rapid.SampledFrom([]int{5, 20, 2000}).Draw(t, "maxBehind"))
	w.start()
	defer func() {
		cancel()
		w.end()
		w.asked.Wait()
		done()
	}()
	t.Repeat(map[string]func(*rapid.T){
		"connect": w.connect, "send": w.send, "change": w.change, "room": w.changeRoom, "mine": w.changeMine,
		"people": w.people, "events": w.deliver, "read": w.readCall, "reply": w.replyCall, "page": w.page,
		"fail": w.failCall, "loose": w.loose, "restart": w.restart, "restore": w.restore, "quiet": w.quiet,
	})
	w.compare()
}

// start runs a syncer on what the replica holds.
func (w *world) start() {
	ctx, cancel := context.WithCancel(w.ctx)
	w.net = &network{
		up: make(chan bool), deliver: make(chan []client.Event), epoch: func() int64 { return w.model.Epoch },
	}
	w.syncer = client.NewSyncer(client.SyncerOptions{Remote: w.net, Replica: w.subject})
	w.online = false
	ended, syncer := make(chan error, 1), w.syncer
	w.ended = ended
	go func() { ended <- syncer.Run(ctx) }()
	w.end = func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Fatalf("run: %v", err)
		}
	}
	synctest.Wait()
}

// restart ends the app and starts it again.
func (w *world) restart(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "stay") > 0 {
		t.Skip("stay")
	}
	w.end()
	w.model.Events = nil
	w.start()
}

// restore makes a backup of the server, or puts the one that there is in the server's place.
func (w *world) restore(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "stay") > 0 {
		t.Skip("stay")
	}
	if w.backup == nil {
		w.backup = w.model.backup()
		return
	}
	if w.online {
		w.switchTo(false) // the server is not there meanwhile
	}
	epoch := w.model.Epoch
	w.model, w.backup = w.backup, nil
	w.model.Epoch = epoch + 1
}

func (w *world) connect(t *rapid.T) {
	if w.online && rapid.IntRange(0, 3).Draw(t, "stay") > 0 {
		t.Skip("stay")
	}
	w.switchTo(!w.online)
}

func (w *world) switchTo(online bool) {
	w.online = online
	w.net.up <- online
	if !online {
		w.model.Events = nil // they were on the wire
	}
	synctest.Wait()
	select {
	case err := <-w.ended:
		w.startAnew(err)
	default:
	}
}

// startAnew is what an app does when the server's history is another one.
func (w *world) startAnew(err error) {
	var other *client.EpochError
	if !errors.As(err, &other) {
		w.t.Fatalf("run: %v", err)
	}
	w.ended <- nil
	w.end()
	if err := w.subject.StartAnew(w.ctx, other.Epoch); err != nil {
		w.t.Fatalf("start anew: %v", err)
	}
	w.start()
	w.switchTo(true)
}

func (w *world) anyRoom(t *rapid.T) *Room {
	if n := len(w.model.rooms); n == 0 || n < 3 && rapid.Bool().Draw(t, "new") {
		return w.model.Create(fmt.Sprintf("r%d", n), Me, Other)
	}
	return w.model.rooms[fmt.Sprintf("r%d", rapid.IntRange(0, len(w.model.rooms)-1).Draw(t, "room"))]
}

func (w *world) anySeq(t *rapid.T, r *Room) int64 {
	if r.LastSeq() == 0 {
		t.Skip("empty")
	}
	return rapid.Int64Range(1, r.LastSeq()).Draw(t, "seq")
}

func (w *world) mention(t *rapid.T) []string {
	return rapid.SampledFrom([][]string{nil, nil, {Me}, {Other}, {"all"}}).Draw(t, "mention")
}

func (w *world) send(t *rapid.T) {
	r := w.anyRoom(t)
	for range rapid.IntRange(1, 4).Draw(t, "count") {
		w.present++
		sender := rapid.SampledFrom([]string{Other, Other, Other, Me}).Draw(t, "sender")
		if !r.mineNow() {
			sender = Other
		}
		w.model.Send(r, sender, fmt.Sprintf("text %d", w.present), w.mention(t)...)
	}
}

func (w *world) change(t *rapid.T) {
	r := w.anyRoom(t)
	seq := w.anySeq(t, r)
	w.present++
	switch rapid.IntRange(0, 4).Draw(t, "how") {
	case 0:
		w.model.Delete(r, seq)
	case 1:
		w.model.Pin(r, seq, !slices.Contains(r.pins, seq))
	case 2:
		emoji := fmt.Sprintf("e%d", w.present)
		w.model.Change(r, seq, func(m *wire.Message) {
			m.Reactions = []wire.Reaction{{Emoji: emoji, UserUUIDs: []string{Other}}}
		})
	default:
		mention := w.mention(t)
		w.model.Change(r, seq, func(m *wire.Message) {
			m.Text = fmt.Sprintf("edited %d", w.present)
			call(m, mention)
		})
	}
}

func (w *world) changeRoom(t *rapid.T) {
	r := w.anyRoom(t)
	w.present++
	switch what := rapid.IntRange(0, 4).Draw(t, "what"); {
	case !r.mineNow():
		w.model.Rejoin(r)
	case what == 0:
		w.model.Leave(r)
	case what <= 2:
		w.model.SwitchHistory(r)
	default:
		w.model.Rename(r, fmt.Sprintf("name %d", w.present))
	}
}

func (w *world) changeMine(t *rapid.T) {
	r := w.anyRoom(t)
	if !r.mineNow() {
		t.Skip("not mine")
	}
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0:
		w.model.My(r, func(my *wire.My) { my.Favourite = !my.Favourite })
	case 1:
		w.model.My(r, func(my *wire.My) { my.Pinned, my.Locked = !my.Pinned, my.Pinned })
	case 2:
		w.model.My(r, func(my *wire.My) {
			until := wire.TimeOfMilli(w.model.nextID + 1)
			my.MutedUntil = &until
		})
	case 3:
		w.model.Read(r, w.anySeq(t, r))
	case 4:
		choices := []wire.RoomNotify{wire.NotifyAll, wire.NotifyMentions, wire.NotifyNone}
		w.model.My(r, func(my *wire.My) { my.Notify = rapid.SampledFrom(choices).Draw(t, "notify") })
	default:
		if seq := w.anySeq(t, r); r.visible(r.messages[seq-1]) {
			w.model.Hide(r, seq)
		}
	}
}

func (w *world) people(t *rapid.T) {
	w.model.Hire(fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(t, "person")))
}

// deliver takes some of the waiting events in any order, some of them twice or never.
func (w *world) deliver(t *rapid.T) {
	if !w.online || len(w.model.Events) == 0 {
		t.Skip("nothing to deliver")
	}
	count := rapid.IntRange(1, len(w.model.Events)).Draw(t, "count")
	batch := slices.Clone(w.model.Events[:count])
	w.model.Events = w.model.Events[count:]
	switch rapid.IntRange(0, 3).Draw(t, "fate") {
	case 0:
		return // lost
	case 1:
		batch = rapid.Permutation(batch).Draw(t, "order")
	case 2:
		batch = append(batch, batch...)
	}
	w.net.deliver <- batch
	synctest.Wait()
}

func (w *world) pick(t *rapid.T, read bool) *pending {
	calls := slices.DeleteFunc(w.net.open(), func(p *pending) bool { return p.read != read })
	if len(calls) == 0 {
		t.Skip("no call")
	}
	slices.SortFunc(calls, compareCalls)
	return calls[rapid.IntRange(0, len(calls)-1).Draw(t, "call")]
}

func compareCalls(x, y *pending) int {
	a, b := fmt.Sprint(x.op, x.req, x.after), fmt.Sprint(y.op, y.req, y.after)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (w *world) readCall(t *rapid.T)  { w.pick(t, false).readBy(w.model) }
func (w *world) replyCall(t *rapid.T) { close(w.pick(t, true).done); synctest.Wait() }

func (w *world) failCall(t *rapid.T) {
	p := w.pick(t, false)
	p.err = &wire.Error{Code: wire.Unavailable}
	close(p.done)
	synctest.Wait()
	time.Sleep(time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond) // the fake clock's
	synctest.Wait()
}

// page is a user who opens a room or scrolls up in it.
func (w *world) page(t *rapid.T) {
	r := w.anyRoom(t)
	limit := rapid.IntRange(1, 5).Draw(t, "limit")
	older := rapid.Bool().Draw(t, "older")
	w.ask(func(ctx context.Context, syncer *client.Syncer, _ *network) {
		if older {
			_, _ = syncer.Older(ctx, r.uuid, limit) // offline or no member: allowed to fail
			return
		}
		_ = syncer.Latest(ctx, r.uuid, limit)
	})
}

// loose is a user who looks at single messages: quoted, pinned or found ones.
func (w *world) loose(t *rapid.T) {
	r := w.anyRoom(t)
	in := wire.MessagesRequest{RoomUUID: r.uuid, Seqs: []int64{w.anySeq(t, r), w.anySeq(t, r)}}
	if !w.online {
		t.Skip("offline")
	}
	w.ask(func(ctx context.Context, _ *client.Syncer, net *network) {
		var out wire.MessagesReply
		if err := net.Call(ctx, wire.OpMessages, in, &out); err == nil {
			w.subject.SaveLoose(ctx, r.uuid, out.Messages, out.Rev)
		}
	})
}

func (w *world) ask(what func(ctx context.Context, syncer *client.Syncer, net *network)) {
	syncer, net := w.syncer, w.net
	w.asked.Go(func() {
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		defer cancel()
		what(ctx, syncer, net)
	})
	synctest.Wait()
}

func (w *world) quiet(t *rapid.T) {
	if rapid.IntRange(0, 7).Draw(t, "stay") > 0 {
		t.Skip("stay")
	}
	w.compare()
}

// compare lets everything through and compares. What brings the lost events back is either a reconnect or, on a connection
// that stays, the server's sweep: never both, or one would hide what the other misses.
func (w *world) compare() {
	switch {
	case !w.online:
		w.switchTo(true)
	case rapid.Bool().Draw(w.t, "reconnect"):
		w.switchTo(false)
		w.switchTo(true)
	default:
		w.model.sweep()
		w.net.deliver <- w.model.Events
		w.model.Events = nil
	}
	w.drain()
	time.Sleep(2 * time.Minute) // of the fake clock: longer than any pause
	w.drain()
	if diff := w.model.Differences(w.ctx, w.subject); diff != "" {
		w.t.Fatalf("replica differs:\n%s", diff)
	}
}

func (w *world) drain() {
	for range 1000 {
		synctest.Wait()
		calls := w.net.open()
		if len(calls) == 0 {
			return
		}
		for _, p := range calls {
			if !p.read {
				p.readBy(w.model)
			}
			close(p.done)
		}
	}
	w.t.Fatal("the syncer never stops asking")
}
