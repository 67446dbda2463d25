package storetest

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// Run is the suite of the ports of chat and hub. open gives a fresh, migrated database.
func Run(t *testing.T, open func(t testing.TB) *sqlstore.DB) {
	for name, test := range map[string]func(*testing.T, *sqlstore.DB){
		"AppendGivesWhatHistoryReads":  appendGivesWhatHistoryReads,
		"HotRoomHasNoGap":              hotRoomHasNoGap,
		"ManyRoomsHaveNoGap":           manyRoomsHaveNoGap,
		"SubmitKeepsOrder":             submitKeepsOrder,
		"RepeatIsTheFirst":             repeatIsTheFirst,
		"RepeatsAtOnceAreOne":          repeatsAtOnceAreOne,
		"BadDraftsFailAlone":           badDraftsFailAlone,
		"ImpossibleTextFailsAlone":     impossibleTextFailsAlone,
		"CloseStoresWhatWaits":         closeStoresWhatWaits,
		"ReadsOnlyGrow":                readsOnlyGrow,
		"ReadsOfManyAtOnce":            readsOfManyAtOnce,
		"UnreadIsDerived":              unreadIsDerived,
		"HistoryPages":                 historyPages,
		"ChangesPages":                 changesPages,
		"DeleteLeavesATombstone":       deleteLeavesATombstone,
		"DeleteIsTheSenders":           deleteIsTheSenders,
		"CreateRoomOnce":               createRoomOnce,
		"DirectRoomOnce":               directRoomOnce,
		"MemoToOneself":                memoToOneself,
		"HiddenRoomComesBack":          hiddenRoomComesBack,
		"LeavingIsABorder":             leavingIsABorder,
		"OwnerLeaves":                  ownerLeaves,
		"LastMemberLeaves":             lastMemberLeaves,
		"CloseRoomEndsAll":             closeRoomEndsAll,
		"RoomViewsShowWhatOneSees":     roomViewsShowWhatOneSees,
		"RoomViewsOfLargeRooms":        roomViewsOfLargeRooms,
		"RoomListComparesRevs":         roomListComparesRevs,
		"ViewsFollowWhoIsThere":        viewsFollowWhoIsThere,
		"HubSeesChangedRooms":          hubSeesChangedRooms,
		"HubSeesMembers":               hubSeesMembers,
		"ActiveUsersAreFound":          activeUsersAreFound,
		"InviteBringsPeopleIn":         inviteBringsPeopleIn,
		"RejoiningStartsAnew":          rejoiningStartsAnew,
		"RoomsHaveAMost":               roomsHaveAMost,
		"RemovingIsABorder":            removingIsABorder,
		"RolesKeepAnOwner":             rolesKeepAnOwner,
		"OwnersRemoveEachOther":        ownersRemoveEachOther,
		"MembersPages":                 membersPages,
		"SettingsOfAGroup":             settingsOfAGroup,
		"PicturesAreTheMembers":        picturesAreTheMembers,
		"MyOwnRow":                     myOwnRow,
		"ReadersKnowWhen":              readersKnowWhen,
		"OldReadTimesGo":               oldReadTimesGo,
		"UnknownRoomsAreNotFound":      unknownRoomsAreNotFound,
		"SearchFindsWords":             searchFindsWords,
		"SearchPages":                  searchPages,
		"SearchFilters":                searchFilters,
		"SearchForgetsWhatWasDeleted":  searchForgetsWhatWasDeleted,
		"SearchFollowsEditsAndHides":   searchFollowsEditsAndHides,
		"SearchEndsWithMembership":     searchEndsWithMembership,
		"SearchLeavesSystemLinesOut":   searchLeavesSystemLinesOut,
		"SearchTakesAnyText":           searchTakesAnyText,
		"LeaveAndWriteAtTheSameTime":   leaveAndWriteAtTheSameTime,
		"DeleteAndWriteAtTheSameTime":  deleteAndWriteAtTheSameTime,
		"CreateAndDirectAtTheSameTime": directRoomsOfAllPairs,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
	for _, cases := range []map[string]func(*testing.T, *sqlstore.DB){
		messageCases(), fileCases(), departmentCases(), importCases(), outsideCases(), deletionCases(), accessCases(),
		figureCases(), noticeCases(), retentionCases(), auditCases(), integrationCases(), nodeCases(),
	} {
		for name, test := range cases {
			t.Run(name, func(t *testing.T) { test(t, open(t)) })
		}
	}
}

// send stores a message and returns it.
func send(t testing.TB, db *sqlstore.DB, room model.Room, sender model.Actor, text string) model.Message {
	t.Helper()
	stored, err := db.Append(context.Background(), Draft(room, sender, text))
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	if stored.Duplicate {
		t.Fatalf("a new message is called a duplicate")
	}
	return stored.Message
}

// enter reads a room as its member sees it.
func enter(t testing.TB, db *sqlstore.DB, who model.Actor, room model.Room) (model.Room, model.Member) {
	t.Helper()
	r, m, err := db.RoomFor(context.Background(), who.UserID, room.UUID)
	if err != nil {
		t.Fatalf("room for %d: %v", who.UserID, err)
	}
	return r, m
}

// direct opens the room of a pair.
func direct(t testing.TB, db *sqlstore.DB, a, b model.Actor) chat.RoomChange {
	t.Helper()
	c, err := db.DirectRoom(context.Background(), a, b.UserID, uuid.NewString(), Start)
	if err != nil {
		t.Fatalf("direct room: %v", err)
	}
	return c
}

func wantCode(t testing.TB, err error, code wire.Code) {
	t.Helper()
	if !errs.Is(err, code) {
		t.Errorf("error %v, want %s", err, code)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// everything reads all messages that a member may see, through Changes in small pages, which must be in the order of
// rev.
func everything(t testing.TB, db *sqlstore.DB, who model.Actor, room model.Room) []model.Message {
	t.Helper()
	r, m := enter(t, db, who, room)
	var all []model.Message
	after := int64(0)
	for {
		page, err := db.Changes(context.Background(), r, m, after, 190)
		check(t, err)
		for _, msg := range page {
			if msg.Rev <= after {
				t.Fatalf("rev %d after %d", msg.Rev, after)
			}
			after = msg.Rev
		}
		all = append(all, page...)
		if len(page) < 190 {
			return all
		}
	}
}
