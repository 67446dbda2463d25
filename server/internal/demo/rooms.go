package demo

import (
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// estate is where they talk.
type estate struct {
	rooms []*room
}

// room is a room while its talk is being made.
type room struct {
	row     Room
	kind    string // of threads.txt
	members []*member
	weight  int   // its share of the talk
	turn    []int // threads that were not played yet in this round
}

type member struct {
	model.Member
	user *model.User
}

// groups beside the departments' own, with how many people are in them and how lively they are.
var groups = []struct {
	name, kind string
	people     int
	weight     int
}{
	{"신제품 출시 TF", "project", 8, 30},
	{"스마트 공장 추진", "project", 12, 18},
	{"원가 절감 TF", "project", 6, 12},
	{"품질 혁신 회의", "project", 10, 14},
	{"ERP 교체", "project", 9, 12},
	{"동호회 – 등산", "club", 18, 8},
	{"동호회 – 볼링", "club", 12, 5},
	{"점심 같이 먹어요", "team", 14, 10},
}

const demoRooms = 40

// openRooms makes the department rooms, the groups, and direct rooms and memos up to demoRooms. All but the memos of a few
// have the first person in them, so that whoever tries the demo sees a lively list.
func (c *company) openRooms() {
	if c.opt.Messages == 0 {
		return
	}
	everyone := c.pick(len(c.users))
	c.addRoom(roomPlan{kind: wire.RoomGroup, talk: "company", name: Company + " 전체", people: capped(everyone), weight: 2})
	c.departmentRooms()
	for _, g := range groups {
		c.addRoom(roomPlan{kind: wire.RoomGroup, talk: g.kind, name: g.name, people: c.pick(g.people), weight: g.weight})
	}
	for i := 0; i < 3 && i < len(c.users); i++ {
		c.addRoom(roomPlan{kind: wire.RoomSelf, talk: "memo", people: []int{i}, weight: 1})
	}
	c.directRooms()
}

func (c *company) departmentRooms() {
	for i, d := range c.departments {
		people := []int{0}
		for j := range c.users {
			if j > 0 && c.users[j].DepartmentID == d.ID && len(people) < wire.MaxRoomMembers {
				people = append(people, j)
			}
		}
		c.addRoom(roomPlan{kind: wire.RoomGroup, talk: "team", name: d.Name, people: people, weight: 14 - i})
		if i == 0 { // the first person's own: its room follows it
			c.rooms[len(c.rooms)-1].row.DepartmentUUID = d.UUID
		}
	}
}

func (c *company) directRooms() {
	pairs := map[[2]int]bool{}
	for k := 0; len(c.rooms) < demoRooms && k < 10*demoRooms; k++ {
		a, b := 0, 1+c.rng.IntN(len(c.users)-1)
		if k%3 == 2 { // a third of the talk goes on without the first person
			a = c.rng.IntN(len(c.users))
		}
		pair := [2]int{min(a, b), max(a, b)}
		if a == b || pairs[pair] {
			continue
		}
		pairs[pair] = true
		c.addRoom(roomPlan{kind: wire.RoomDirect, talk: "direct", people: pair[:], weight: 4 + c.rng.IntN(8)})
	}
}

func capped(people []int) []int { return people[:min(len(people), wire.MaxRoomMembers)] }

// pick chooses n different people, the first of the company always among them.
func (c *company) pick(n int) []int {
	out := []int{0}
	for _, i := range c.rng.Perm(len(c.users)) {
		if len(out) >= n {
			break
		}
		if i != 0 {
			out = append(out, i)
		}
	}
	return out
}

type roomPlan struct {
	kind   wire.RoomKind
	talk   string
	name   string
	people []int
	weight int
}

func (c *company) addRoom(p roomPlan) {
	created := c.opt.Now.Add(-demoDays * day).UnixMilli()
	r := &room{kind: p.talk, weight: p.weight}
	creator := &c.users[p.people[0]]
	r.row = Room{Room: model.Room{
		ID: int64(len(c.rooms) + 1), UUID: c.uuid(), Kind: p.kind, Name: p.name, CreatedBy: creator.ID, CreatedAt: created,
		Rev: 1, MetaRev: 1,
	}}
	r.row.DirectKey = directKey(p, c.users)
	for _, i := range p.people {
		u := &c.users[i]
		role := wire.RoomMember
		if p.kind == wire.RoomGroup && u == creator {
			role = wire.RoomOwner
		}
		r.members = append(r.members, &member{user: u, Member: model.Member{
			RoomID: r.row.ID, UserID: u.ID, UserUUID: u.UUID, Role: role, LeftSeq: -1, MyRev: 1, HiddenSeq: -1,
		}})
	}
	c.rooms = append(c.rooms, r)
}

func directKey(p roomPlan, users []model.User) string {
	switch p.kind {
	case wire.RoomDirect:
		return model.DirectKey(users[p.people[0]].ID, users[p.people[1]].ID)
	case wire.RoomSelf:
		return model.DirectKey(users[p.people[0]].ID, users[p.people[0]].ID)
	}
	return ""
}

func (c *company) roomRows() []Room {
	out := make([]Room, 0, len(c.rooms))
	for _, r := range c.rooms {
		out = append(out, r.row)
	}
	return out
}

func (c *company) memberRows() []model.Member {
	var out []model.Member
	for _, r := range c.rooms {
		for _, m := range r.members {
			out = append(out, m.Member)
		}
	}
	return out
}
