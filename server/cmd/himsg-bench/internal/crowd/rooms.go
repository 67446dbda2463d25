package crowd

import (
	"context"
	"fmt"

	"himsg/shared/wire"
)

const (
	groupSize  = 10 // people in a group
	groupCount = 5  // groups
)

// makeRooms: either all sit in one room, or every person is in one direct room and groups overlap.
func (c *Crowd) makeRooms(ctx context.Context) error {
	n := len(c.members)
	if c.o.OneRoom {
		return c.group(ctx, 0, c.members)
	}
	for i := 0; i+1 < n; i += 2 {
		room, err := c.members[i].person.Session.OpenDirect(ctx, c.members[i+1].person.UUID)
		if err != nil {
			return fmt.Errorf("open direct room: %w", err)
		}
		join(room, c.members[i], c.members[i+1])
	}
	size := min(groupSize, n)
	for g := range groupCount {
		var members []*member
		for k := range size {
			members = append(members, c.members[(g*size*2/3+k)%n])
		}
		if err := c.group(ctx, g, members); err != nil {
			return err
		}
	}
	return nil
}

func (c *Crowd) group(ctx context.Context, number int, members []*member) error {
	var others []string
	for _, m := range members[1:] {
		others = append(others, m.person.UUID)
	}
	in := wire.CreateRoomRequest{Name: fmt.Sprintf("모임 %d", number), Members: others}
	room, err := members[0].person.Session.CreateRoom(ctx, in)
	if err != nil {
		return fmt.Errorf("create group: %w", err)
	}
	join(room, members...)
	return nil
}

func join(room string, members ...*member) {
	for _, m := range members {
		m.rooms = append(m.rooms, room)
	}
}
