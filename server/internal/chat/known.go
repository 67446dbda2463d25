package chat

import (
	"sync"
	"time"

	"himsg/shared/wire"
)

const (
	maxKnown = 65_536
	// hiddenFor is how long it is believed that nobody has put a direct room away. This node's own hiding is known at once;
	// that of another node, learnt late, costs the hider's device one question when the next message comes.
	hiddenFor = 5 * time.Minute
)

// knownRoom is what never changes about a room, and who of a direct room's two has put it away.
type knownRoom struct {
	id     int64
	uuid   string
	kind   wire.RoomKind
	hidden []int64   // users
	asked  time.Time // when hidden was read; zero: never
}

// isPair reports whether the room is one that can be put away.
func (k knownRoom) isPair() bool { return k.kind == wire.RoomDirect || k.kind == wire.RoomSelf }

// knownRooms spares a query for each message to a room that was written to before. It holds nothing that a permission
// depends on: the sender's membership is checked in the transaction that stores the message.
type knownRooms struct {
	mu     sync.Mutex
	byUUID map[string]knownRoom
	pairs  map[pair]string // → room_uuid
}

type pair struct {
	userID int64
	other  string // user_uuid
}

func newKnownRooms() *knownRooms {
	return &knownRooms{byUUID: make(map[string]knownRoom), pairs: make(map[pair]string)}
}

func (k *knownRooms) get(uuid string) (knownRoom, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, ok := k.byUUID[uuid]
	return r, ok
}

func (k *knownRooms) put(r knownRoom) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for uuid := range k.byUUID { // any one makes room
		if len(k.byUUID) < maxKnown {
			break
		}
		delete(k.byUUID, uuid)
	}
	k.byUUID[r.uuid] = r
}

func (k *knownRooms) forget(uuid string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.byUUID, uuid)
}

func (k *knownRooms) pair(p pair) (roomUUID string, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	roomUUID, ok = k.pairs[p]
	return roomUUID, ok
}

func (k *knownRooms) putPair(p pair, roomUUID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for old := range k.pairs {
		if len(k.pairs) < maxKnown {
			break
		}
		delete(k.pairs, old)
	}
	k.pairs[p] = roomUUID
}
