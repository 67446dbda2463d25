package client_test

import (
	"context"
	"encoding/json"
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

// network is a Remote between a Syncer and a model, in the hands of the test: it decides when a request is read, when its
// reply arrives, and what becomes of each event.
type network struct {
	up      chan bool // true: connect; false: disconnect
	deliver chan []client.Event

	mu    sync.Mutex
	calls []*pending
}

// pending is a request on its way. answer gets the reply when the server reads it; done lets it arrive.
type pending struct {
	op     wire.Op
	req    any
	after  int64 // of a directory page
	answer []byte
	err    error
	read   bool
	done   chan struct{}
}

func (n *network) Run(ctx context.Context, h client.Handler) error {
	for {
		h.Link(ctx, client.Link{State: client.LinkOffline})
		if !n.online(ctx, h) {
			return nil
		}
	}
}

func (n *network) online(ctx context.Context, h client.Handler) bool {
	for connected := false; !connected; {
		select {
		case connected = <-n.up:
		case <-n.deliver:
		case <-ctx.Done():
			return false
		}
	}
	live, cancel := context.WithCancel(ctx)
	defer cancel()
	h.Link(live, client.Link{State: client.LinkOnline})
	for {
		select {
		case events := <-n.deliver:
			h.Events(live, events)
		case <-n.up:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

func (n *network) wait(ctx context.Context, p *pending) error {
	p.done = make(chan struct{})
	n.mu.Lock()
	n.calls = append(n.calls, p)
	n.mu.Unlock()
	defer n.remove(p)
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return fmt.Errorf("%w: test", client.ErrOffline)
	}
}

func (n *network) remove(p *pending) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = slices.DeleteFunc(n.calls, func(x *pending) bool { return x == p })
}

func (n *network) Call(ctx context.Context, op wire.Op, req, reply any) error {
	p := &pending{op: op, req: req}
	if err := n.wait(ctx, p); err != nil {
		return err
	}
	return json.Unmarshal(p.answer, reply)
}

func (n *network) Directory(ctx context.Context, afterRev int64, _ int) (wire.DirectoryPage, error) {
	p := &pending{op: "directory", after: afterRev}
	if err := n.wait(ctx, p); err != nil {
		return wire.DirectoryPage{}, err
	}
	var page wire.DirectoryPage
	err := json.Unmarshal(p.answer, &page)
	return page, err
}

func (n *network) open() []*pending {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.calls)
}

// read lets the model answer a request as things stand now.
func (p *pending) readBy(m *model) {
	var reply any
	p.read = true
	switch req := p.req.(type) {
	case wire.SyncRequest:
		reply = m.sync(req)
	case wire.ChangesRequest:
		reply, p.err = m.changes(req)
	case wire.HistoryRequest:
		reply, p.err = m.history(req)
	default:
		reply = m.page(p.after)
	}
	answer, err := json.Marshal(reply)
	if err != nil {
		panic(err)
	}
	p.answer = answer
}

// guarded is a Memory that refuses what no replica may be told: an older form of a message that it holds.
type guarded struct {
	*client.Memory
	t *rapid.T
}

func (g guarded) ApplyMessages(ctx context.Context, list []client.MessageBatch) error {
	for _, batch := range list {
		before, ok := g.Room(batch.RoomUUID)
		if !ok {
			g.t.Errorf("messages for room %s, which is not held", batch.RoomUUID)
		}
		if !batch.Reset && batch.Held.Rev < before.Held.Rev {
			g.t.Errorf("room %s: rev lowered from %d to %d", batch.RoomUUID, before.Held.Rev, batch.Held.Rev)
		}
	}
	return g.Memory.ApplyMessages(ctx, list)
}

// world is one run of the property test.
type world struct {
	t       *rapid.T
	model   *model
	net     *network
	syncer  *client.Syncer
	memory  *client.Memory
	online  bool
	asked   sync.WaitGroup
	ctx     context.Context
	present int
}

// TestReplicaEqualsServer: whatever is lost, doubled, reordered, delayed or cut off, a replica equals the server as soon as
// the network lets it. Several bubbles, since the hours that pass in one end rapid's patience.
func TestReplicaEqualsServer(t *testing.T) {
	for range 10 {
		synctest.Test(t, func(t *testing.T) {
			withoutDeadline := struct{ testing.TB }{t} // which a bubble refuses
			rapid.Check(withoutDeadline, checkReplica)
		})
	}
}

func checkReplica(t *rapid.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &world{t: t, model: newModel(), memory: client.NewMemory(), ctx: ctx}
	w.net = &network{up: make(chan bool), deliver: make(chan []client.Event)}
	w.model.maxBehind = int64(rapid.SampledFrom([]int{5, 20, 2000}).Draw(t, "maxBehind"))
	w.syncer = client.NewSyncer(client.SyncerOptions{Remote: w.net, Replica: guarded{w.memory, t}})
	ended := make(chan error, 1)
	go func() { ended <- w.syncer.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Fatalf("run: %v", err)
		}
		w.asked.Wait()
	}()
	synctest.Wait()
	t.Repeat(map[string]func(*rapid.T){
		"connect": w.connect, "send": w.send, "change": w.change, "room": w.changeRoom, "people": w.people,
		"events": w.deliver, "read": w.readCall, "reply": w.replyCall, "page": w.page, "fail": w.failCall,
	})
	w.finish()
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
		w.model.events = nil // they were on the wire
	}
	synctest.Wait()
}

func (w *world) anyRoom(t *rapid.T) *modelRoom {
	if n := len(w.model.rooms); n == 0 || n < 3 && rapid.Bool().Draw(t, "new") {
		return w.model.create(fmt.Sprintf("r%d", n), me, "other")
	}
	return w.model.rooms[fmt.Sprintf("r%d", rapid.IntRange(0, len(w.model.rooms)-1).Draw(t, "room"))]
}

func (w *world) send(t *rapid.T) {
	r := w.anyRoom(t)
	for range rapid.IntRange(1, 4).Draw(t, "count") {
		w.present++
		w.model.send(r, "other", fmt.Sprintf("text %d", w.present))
	}
}

func (w *world) change(t *rapid.T) {
	r := w.anyRoom(t)
	if r.lastSeq() == 0 {
		t.Skip("empty")
	}
	seq := rapid.Int64Range(1, r.lastSeq()).Draw(t, "seq")
	w.present++
	if rapid.Bool().Draw(t, "delete") {
		w.model.change(r, seq, tombstone)
		return
	}
	w.model.change(r, seq, func(m *wire.Message) { m.Text = fmt.Sprintf("edited %d", w.present) })
}

func (w *world) changeRoom(t *rapid.T) {
	r := w.anyRoom(t)
	w.present++
	_, member := r.members[me]
	switch what := rapid.IntRange(0, 3).Draw(t, "what"); {
	case !member:
		w.model.rejoin(r)
	case what == 0:
		w.model.leave(r)
	case what == 1:
		w.model.mute(r)
	default:
		w.model.rename(r, fmt.Sprintf("name %d", w.present))
	}
}

func (w *world) people(t *rapid.T) {
	w.model.hire(fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(t, "person")))
}

// deliver takes some of the waiting events in any order, some of them twice or never.
func (w *world) deliver(t *rapid.T) {
	if !w.online || len(w.model.events) == 0 {
		t.Skip("nothing to deliver")
	}
	count := rapid.IntRange(1, len(w.model.events)).Draw(t, "count")
	batch := slices.Clone(w.model.events[:count])
	w.model.events = w.model.events[count:]
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
	slices.SortFunc(calls, func(x, y *pending) int { return compareCalls(x, y) })
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
	w.asked.Add(1)
	go func() {
		defer w.asked.Done()
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		defer cancel()
		if older {
			_, _ = w.syncer.Older(ctx, r.uuid, limit) // offline or no member: allowed to fail
			return
		}
		_ = w.syncer.Latest(ctx, r.uuid, limit)
	}()
	synctest.Wait()
}

// finish lets everything through and compares. What brings the lost events back is either a reconnect or, on a connection
// that stays, the server's sweep: never both, or one would hide what the other misses.
func (w *world) finish() {
	switch {
	case !w.online:
		w.switchTo(true)
	case rapid.Bool().Draw(w.t, "reconnect"):
		w.switchTo(false)
		w.switchTo(true)
	default:
		w.model.sweep()
		w.net.deliver <- w.model.events
		w.model.events = nil
	}
	w.drain()
	time.Sleep(2 * time.Minute) // of the fake clock: longer than any pause
	w.drain()
	if diff := w.model.differences(w.memory); diff != "" {
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
