package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/finding"
	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

// Those of everyone-back whose copies are not judged come in blocks, each with as many rooms. They missed messages in some of them.
const (
	backBlock   = 100
	backRooms   = 200
	backMissed  = 2
	backSaid    = 3 // messages of each room
	backJudged  = 200
	backTexts   = 1000
	backTimeout = 12 * time.Minute
)

// everyoneBack: the server is killed with a thousand clients and more connected, who come back in the app's own pace. All
// must hold again what they missed soon. Two hundred of them are judged as in every fault; the others hold 200 rooms each, and
// load what is new in two of them.
func everyoneBack(o Options) fault {
	return everybody(o, fault{name: "everyone-back", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}})
}

// allNodesKilled is everyone-back with three servers, all of which are killed at once, as when the power of a rack fails.
func allNodesKilled(o Options) fault {
	return everybody(o, fault{name: "all-nodes-killed", kinds: []rig.Kind{rig.MariaDB}, nodes: true})
}

func everybody(o Options, f fault) fault {
	others := max(0, o.Clients-backJudged) / backBlock * backBlock
	judged := o.Clients - others
	f.bound = backTimeout
	f.crowd = crowd.Options{People: judged, Senders: min(usualCrowd, judged), Patient: true, Pause: 200 * time.Millisecond}
	f.found = func(ctx context.Context, s *scene) error {
		if err := rig.AllowOpenFiles(o.Clients + 2000); err != nil {
			return err
		}
		var err error
		s.company, err = founding.Found(ctx, s.data, founding.Options{
			People: others, SignedIn: others, Block: backBlock, Rooms: backRooms, Unlisted: true,
			Messages: others / backBlock * backRooms * backSaid, Texts: finding.Texts(backTexts),
		})
		if err == nil && others > 0 {
			_, _, err = founding.Index(ctx, s.data)
		}
		return err
	}
	f.disturb = func(ctx context.Context, s *scene) error {
		coming, err := holders(ctx, s, others)
		if err != nil {
			return err
		}
		many := crowd.Come(ctx, coming)
		defer many.Close()
		return s.comeBack(ctx, o.Clients, judged, many)
	}
	return f
}

// comeBack kills all servers when all are there, and measures until they are there again.
func (s *scene) comeBack(ctx context.Context, clients, judged int, many *crowd.Returning) error {
	all := func(ctx context.Context) (time.Time, error) {
		first, err := s.crowd.Await(ctx, func(w crowd.Watch) bool { return w.Synced == judged })
		if err != nil {
			return first, err
		}
		last, err := many.AwaitSynced(ctx)
		if last.Before(first) {
			last = first
		}
		return last, err
	}
	if _, err := all(ctx); err != nil {
		return fmt.Errorf("wait for everybody to come: %w", err)
	}
	before := many.Refusals()
	for _, server := range s.servers() {
		if err := server.Kill(); err != nil {
			return err
		}
	}
	killed := rig.Now()
	var pids []int
	for _, server := range s.servers() {
		if err := server.Start(ctx); err != nil {
			return err
		}
		pids = append(pids, server.Process().Pid)
	}
	listening := rig.Now()
	load := watchLoad(pids)
	at, err := all(ctx)
	peak, usage, loadErr := load()
	switch {
	case err != nil:
		return fmt.Errorf("wait for everybody to come back: %w", err)
	case loadErr != nil:
		return loadErr
	}
	s.note("clients", float64(clients), "")
	s.goal("listening→all synced", at.Sub(listening).Seconds(), "s", 30)
	s.note("kill→listening", listening.Sub(killed).Seconds(), "s")
	s.goal("refusals", float64(many.Refusals()-before), "", 0)
	s.note("peak CPU", peak, "%")
	s.note("CPU in all", usage.CPU.Seconds(), "s")
	s.note("peak memory", float64(usage.Peak)/(1<<20), "MiB")
	return nil
}

// holders are those who come with 200 rooms.
func holders(ctx context.Context, s *scene, n int) ([]crowd.Holder, error) {
	// With a balancer in this process each client would be three connections of it, more than many systems allow.
	var urls []string
	for _, server := range s.servers() {
		urls = append(urls, server.URL())
	}
	people, err := s.company.People(ctx, n, urls...)
	if err != nil {
		return nil, err
	}
	list := make([]crowd.Holder, n)
	for i, p := range people {
		list[i].Person = p
		if i%backBlock > 0 { // they hold what the first of their block holds
			list[i].Holds, list[i].Missed = list[i-1].Holds, list[i-1].Missed
			continue
		}
		held := wire.SyncRequest{Rooms: map[string][2]int64{}}
		rooms, revs := s.company.Rooms(i)
		for k, room := range rooms {
			if k < backMissed {
				list[i].Missed = append(list[i].Missed, crowd.Missed{RoomUUID: room, AfterRev: 1, Messages: backSaid})
				revs[k] = 1
			}
			held.Rooms[room] = [2]int64{revs[k], 1}
		}
		if list[i].Holds, err = json.Marshal(held); err != nil {
			return nil, fmt.Errorf("encode what is held: %w", err)
		}
	}
	return list, nil
}

// watchLoad looks at processes twice a second until the returned function is called, which says the most CPU that they took in
// such a time (100 is one core), and what they took in all.
func watchLoad(pids []int) (stop func() (peak float64, usage rig.Usage, err error)) {
	const every = 500 * time.Millisecond
	var peak float64
	var watching sync.WaitGroup
	quit := make(chan struct{})
	watching.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		begun, _ := usageOf(pids) // the last look says what went wrong
		last, at := begun.CPU, rig.Now()
		for {
			select {
			case <-tick.C:
			case <-quit:
				return
			}
			usage, err := usageOf(pids)
			if err != nil {
				return // the last look says it
			}
			now := rig.Now()
			if now.Sub(at) < every/2 {
				continue // ticks that were late come close together
			}
			peak = max(peak, 100*float64(usage.CPU-last)/float64(now.Sub(at)))
			last, at = usage.CPU, now
		}
	})
	return func() (float64, rig.Usage, error) {
		close(quit)
		watching.Wait()
		usage, err := usageOf(pids)
		return peak, usage, err
	}
}

// usageOf is what several processes took together.
func usageOf(pids []int) (sum rig.Usage, err error) {
	for _, pid := range pids {
		usage, err := rig.UsageOf(pid)
		if err != nil {
			return sum, err
		}
		sum.CPU, sum.Resident, sum.Peak = sum.CPU+usage.CPU, sum.Resident+usage.Resident, sum.Peak+usage.Peak
	}
	return sum, nil
}
