package core

import "himsg/shared/wire"

// This file holds what crosses the bridge about reading others' conversations, see view.go.

// AccessOrder is what somebody asks to read: the conversations of a person, or of a room, in a period (To exclusive), for
// hours from the approval on.
type AccessOrder struct {
	SubjectKind string `json:"subject_kind"` // person, room
	SubjectUUID string `json:"subject_uuid"`
	Reason      string `json:"reason"`
	From        int64  `json:"from"`
	To          int64  `json:"to"`
	Hours       int    `json:"hours"`
}

// Access is a request to read conversations. ExpiresAt is by this device's clock: until when it waits, and after the approval
// until when its asker may read. The three Mays are about the reader of the page.
type Access struct {
	AccessUUID  string           `json:"access_uuid"`
	SubjectKind wire.AccessKind  `json:"subject_kind"`
	SubjectUUID string           `json:"subject_uuid"`
	SubjectName string           `json:"subject_name"` // of a person, or of a room that has a name
	People      []string         `json:"people"`       // of a room without a name: user_uuids
	Reason      string           `json:"reason"`
	From        int64            `json:"from"`
	To          int64            `json:"to"`
	State       wire.AccessState `json:"state"`
	RequestedBy string           `json:"requested_by"`
	RequestedAt int64            `json:"requested_at"`
	DecidedBy   string           `json:"decided_by"`
	DecidedAt   int64            `json:"decided_at"` // 0: nobody did
	ExpiresAt   int64            `json:"expires_at"`
	Hours       int              `json:"hours"`
	MayDecide   bool             `json:"may_decide"`
	MayRead     bool             `json:"may_read"`
	MayEnd      bool             `json:"may_end"`
}

// AccessPage is a page of requests, the newest first.
type AccessPage struct {
	Requests []Access `json:"requests"`
	Next     int64    `json:"next"` // 0: no more
}

// FoundRoom is a room that was found by its people.
type FoundRoom struct {
	RoomUUID string        `json:"room_uuid"`
	Kind     wire.RoomKind `json:"kind"`
	Name     string        `json:"name"`
	Members  []string      `json:"members"` // user_uuids, the first ones
}

// FoundRooms is a page of those, the newest first.
type FoundRooms struct {
	Rooms []FoundRoom `json:"rooms"`
	Next  int64       `json:"next"` // 0: no more
}

// AccessRoom is a room that an approved request opens.
type AccessRoom struct {
	RoomUUID string        `json:"room_uuid"`
	Kind     wire.RoomKind `json:"kind"`
	Name     string        `json:"name"`
	Members  []string      `json:"members"`  // user_uuids, the first ones
	Messages int64         `json:"messages"` // of the period
}

// AccessMessages is a page of such a room, or of what was found. Nothing of it is kept on this device.
type AccessMessages struct {
	Messages []Message `json:"messages"`
	Next     int64     `json:"next"` // 0: no more
}

// AccessNews says that requests changed: how many wait for a decision that the reader may make. Changes counts the times.
type AccessNews struct {
	Pending int   `json:"pending"`
	Changes int64 `json:"changes"`
}
