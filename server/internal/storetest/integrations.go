package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/hook"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// integrationCases are those of webhooks, tokens and what waits for targets.
func integrationCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"IntegrationsAreKept":         integrationsAreKept,
		"ABotIsNoMember":              aBotIsNoMember,
		"WhatWaitsForAHookIsBounded":  whatWaitsForAHookIsBounded,
		"AHookHasOneWorker":           aHookHasOneWorker,
		"AHookThatFailsIsGivenUp":     aHookThatFailsIsGivenUp,
		"AClosedRoomHandsNothingOver": aClosedRoomHandsNothingOver,
	}
}

// addHook makes an integration of an actor in some rooms.
func addHook(t testing.TB, db *sqlstore.DB, actor model.Actor, kind wire.IntegrationKind, rooms ...model.Room) hook.Change {
	t.Helper()
	n := hook.Addition{UUID: uuid.NewString(), BotUUID: uuid.NewString(), Kind: kind, Name: "봇", Icon: "🤖", Line: wire.SystemBotReads}
	if kind != wire.IntegrationOutgoing {
		n.Hash = fmt.Sprintf("%064x", time.Now().UnixNano())
	}
	if kind == wire.IntegrationToken {
		n.Scopes, n.ExpiresAt = wire.Scopes, later
	}
	for _, r := range rooms {
		n.Rooms = append(n.Rooms, r.UUID)
	}
	c, err := db.AddIntegration(context.Background(), actor, n, audited(model.AuditIntegrationCreated))
	check(t, err)
	return c
}

func integrationsAreKept(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 3)
	first, second := Group(t, db, p[0], p[1]), Group(t, db, p[0], p[2])
	made := addHook(t, db, p[0], wire.IntegrationToken, second, first)
	i := made.Integration
	if i.Name != "봇" || i.Icon != "🤖" || i.CreatedBy != p[0].UserUUID || len(i.Rooms) != 2 || len(i.Scopes) != 3 || i.ExpiresAt != later || i.Generation != 1 {
		t.Fatalf("made %+v", i)
	}
	if len(made.Rooms) != 2 || made.Rooms[0].System == nil || i.Rooms[0].AfterSeq != made.Rooms[0].System.Seq {
		t.Errorf("rooms %+v", made.Rooms)
	}
	bots, err := db.AccountsByUUID(ctx, []string{i.BotUUID})
	check(t, err)
	if len(bots) != 1 || bots[0].State != wire.UserBot || bots[0].PasswordHash != "" || bots[0].Rev == 0 {
		t.Errorf("bot %+v", bots)
	}
	_, err = db.AddIntegration(ctx, p[1], hook.Addition{
		UUID: uuid.NewString(), BotUUID: uuid.NewString(), Kind: wire.IntegrationIncoming, Name: "x", Rooms: []string{second.UUID}, Hash: "x",
	}, audited(model.AuditIntegrationCreated))
	wantCode(t, err, wire.NotFound)
	_, err = db.AddIntegration(ctx, p[1], hook.Addition{
		UUID: uuid.NewString(), BotUUID: uuid.NewString(), Kind: wire.IntegrationIncoming, Name: "x",
		Rooms: []string{direct(t, db, p[0], p[1]).Room.UUID}, Hash: "x",
	}, audited(model.AuditIntegrationCreated))
	wantCode(t, err, wire.BadRequest)

	hash := fmt.Sprintf("%064d", 7)
	turned, err := db.RotateIntegration(ctx, i.UUID, hash, audited(model.AuditIntegrationRotated))
	check(t, err)
	if turned.Generation != 2 {
		t.Errorf("generation %d", turned.Generation)
	}
	found, err := db.IntegrationBySecret(ctx, hash)
	if err != nil || found.ID != i.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	for range 2 { // a repeat leaves no entry
		_, err = db.SwitchIntegration(ctx, hook.Switch{UUID: i.UUID, State: wire.IntegrationDisabled}, audited(model.AuditIntegrationDisabled))
		check(t, err)
	}
	wantAudited(t, db, model.AuditIntegrationDisabled, i.BotUUID)
	check(t, db.NoteCall(ctx, i.ID, "", Start+5))
	check(t, db.NoteCall(ctx, i.ID, wire.FailureRate, Start+6))
	for n := range 3 {
		addHook(t, db, p[0], wire.IntegrationOutgoing, first)
		list, next, err := db.IntegrationList(ctx, 0, n+1)
		check(t, err)
		if len(list) != n+1 || next == 0 {
			t.Errorf("page of %d: %d, next %d", n+1, len(list), next)
		}
	}
	list, next, err := db.IntegrationList(ctx, i.ID+1, 10)
	check(t, err)
	if len(list) != 1 || next != 0 || list[0].State != wire.IntegrationDisabled || list[0].LastUsedAt != Start+5 || list[0].LastFailure != wire.FailureRate {
		t.Errorf("list %+v, next %d", list, next)
	}
	boss := bossOf(t, db) // who is in none of the rooms
	gone, err := db.RemoveIntegration(ctx, boss, i.UUID, audited(model.AuditIntegrationRemoved))
	check(t, err)
	if len(gone.Rooms) != 2 || gone.Rooms[1].System.System.Action != wire.SystemBotGone {
		t.Errorf("gone %+v", gone.Rooms)
	}
	_, err = db.IntegrationBySecret(ctx, hash)
	wantCode(t, err, wire.NotFound)
	_, err = db.RemoveIntegration(ctx, p[0], i.UUID, audited(model.AuditIntegrationRemoved))
	wantCode(t, err, wire.NotFound)
}

func aBotIsNoMember(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 3)
	room, other := Group(t, db, p[0], p[1]), Group(t, db, p[0], p[2])
	bot := addHook(t, db, p[0], wire.IntegrationIncoming, room).Integration.Actor("")
	a, err := db.Append(ctx, Draft(room, bot, "알림"))
	check(t, err)
	if a.Message.SenderUUID != bot.UserUUID {
		t.Errorf("%+v", a.Message)
	}
	d := Draft(room, bot, "한 번")
	for n := range 2 {
		again, err := db.Append(ctx, d)
		if err != nil || again.Duplicate != (n == 1) {
			t.Errorf("repeat %d: %+v, %v", n, again, err)
		}
	}
	members, err := db.Members(ctx, room.ID)
	check(t, err)
	if len(members) != 2 {
		t.Errorf("%d members", len(members))
	}
	r, m := enter(t, db, p[1], room)
	if got := m.Unread(r.LastSeq); got != r.LastSeq {
		t.Errorf("unread %d of %d", got, r.LastSeq)
	}
	// A person who says of himself to be no bot is refused as before.
	_, err = db.Append(ctx, Draft(room, p[2], "x"))
	wantCode(t, err, wire.NotFound)

	_, _, err = db.Delete(ctx, p[1], a.Message.ID, Start)
	wantCode(t, err, wire.Forbidden)
	elsewhere := addHook(t, db, p[0], wire.IntegrationIncoming, other).Integration.Actor("")
	_, _, err = db.Delete(ctx, elsewhere, a.Message.ID, Start)
	wantCode(t, err, wire.NotFound)
	gone, changed, err := db.Delete(ctx, bot, a.Message.ID, Start)
	if err != nil || !changed || gone.DeletedAt == 0 {
		t.Errorf("deleted %+v, %v, %v", gone, changed, err)
	}
	list, upTo, more, err := db.ReadRoom(ctx, room.ID, 0, 100)
	check(t, err)
	if len(list) != 1 || list[0].Text != "한 번" || !list[0].Bot || list[0].SenderName != "봇" || upTo != r.LastSeq || more {
		t.Errorf("read %+v up to %d of %d", list, upTo, r.LastSeq)
	}
}

// claimDue takes the hook for which something waits, if there is one.
func claimDue(t *testing.T, db *sqlstore.DB, worker string, now int64) (model.Integration, bool) {
	t.Helper()
	i, ok, err := db.ClaimDue(context.Background(), worker, now, now+1000)
	check(t, err)
	return i, ok
}

func whatWaitsForAHookIsBounded(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 2)
	room := Group(t, db, p...)
	made := addHook(t, db, p[0], wire.IntegrationOutgoing, room).Integration
	if _, ok := claimDue(t, db, "a", Start); ok {
		t.Error("the line that lets it in waits for it")
	}
	for n := range wire.MaxHookBacklog + 7 {
		db.Submit(ctx, Draft(room, p[0], fmt.Sprint(n)), func(_ chat.Appended, err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	send(t, db, room, p[0], "der letzte")
	i, ok := claimDue(t, db, "a", Start)
	if !ok || i.Skipped != 8 || i.Rooms[0].LastSeq-i.Rooms[0].AfterSeq != wire.MaxHookBacklog {
		t.Fatalf("claimed %v, %+v", ok, i)
	}
	claim := hook.Claim{ID: made.ID, Worker: "a", Now: Start, Until: Start + 1000}
	check(t, db.HandedOver(ctx, claim, room.ID, i.Rooms[0].LastSeq-1))
	check(t, db.HandedOver(ctx, claim, room.ID, i.Rooms[0].LastSeq-5)) // never back
	check(t, db.Release(ctx, claim))
	i, ok = claimDue(t, db, "b", Start)
	if !ok || i.Rooms[0].LastSeq-i.Rooms[0].AfterSeq != 1 || i.Skipped != 8 {
		t.Errorf("then %v, %+v", ok, i.Rooms)
	}
}

func aHookHasOneWorker(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 2)
	room := Group(t, db, p...)
	made := addHook(t, db, p[0], wire.IntegrationOutgoing, room).Integration
	rooms, err := db.Watched(ctx)
	if err != nil || len(rooms) != 1 || rooms[0] != room.ID {
		t.Errorf("watched %v, %v", rooms, err)
	}
	send(t, db, room, p[0], "하나")
	if _, ok := claimDue(t, db, "a", Start); !ok {
		t.Fatal("nothing waits")
	}
	if _, ok := claimDue(t, db, "b", Start+999); ok {
		t.Error("two have it")
	}
	if _, ok := claimDue(t, db, "b", Start+1001); !ok {
		t.Error("it is left by who gives no sign")
	}
	late := hook.Claim{ID: made.ID, Worker: "a", Now: Start, Until: Start + 1000}
	if err := db.HandedOver(ctx, late, room.ID, 5); !errors.Is(err, hook.ErrLost) {
		t.Errorf("who lost it: %v", err)
	}
	if err := db.HandingFailed(ctx, late, hook.Failure{Cause: wire.FailureTimeout}); !errors.Is(err, hook.ErrLost) {
		t.Errorf("who lost it: %v", err)
	}
	check(t, db.Release(ctx, late))
	// Disabling takes it from whoever has it, and enabling from now on passes over what waits.
	_, err = db.SwitchIntegration(ctx, hook.Switch{UUID: made.UUID, State: wire.IntegrationDisabled}, audited(model.AuditIntegrationDisabled))
	check(t, err)
	if err := db.HandedOver(ctx, hook.Claim{ID: made.ID, Worker: "b"}, room.ID, 5); !errors.Is(err, hook.ErrLost) {
		t.Errorf("a disabled one: %v", err)
	}
	if _, ok := claimDue(t, db, "a", Start+5000); ok {
		t.Error("a disabled one is due")
	}
	on, err := db.SwitchIntegration(ctx, hook.Switch{UUID: made.UUID, State: wire.IntegrationActive, FromNow: true}, audited(model.AuditIntegrationEnabled))
	check(t, err)
	if on.Rooms[0].AfterSeq != on.Rooms[0].LastSeq {
		t.Errorf("from now on %+v", on.Rooms)
	}
}

func aHookThatFailsIsGivenUp(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 2)
	room := Group(t, db, p...)
	made := addHook(t, db, p[0], wire.IntegrationOutgoing, room).Integration
	send(t, db, room, p[0], "하나")
	claimDue(t, db, "a", Start)
	claim := hook.Claim{ID: made.ID, Worker: "a", Now: Start, Until: Start + 1000}
	check(t, db.HandingFailed(ctx, claim, hook.Failure{Cause: wire.FailureStatus, Status: 503, NextTryAt: Start + 100}))
	if _, ok := claimDue(t, db, "a", Start+99); ok {
		t.Error("it is tried too soon")
	}
	i, ok := claimDue(t, db, "a", Start+100)
	if !ok || i.Failures != 1 || i.FailingSince != Start || i.LastStatus != 503 || i.LastFailure != wire.FailureStatus {
		t.Fatalf("%v %+v", ok, i)
	}
	claim.Now = Start + 100
	entry := audited(model.AuditIntegrationFailed)
	entry.Subject = made.BotUUID
	check(t, db.HandingFailed(ctx, claim, hook.Failure{Cause: wire.FailureTimeout, NextTryAt: Start + 200, GiveUp: &entry}))
	if n, err := db.CountFailedHooks(ctx); err != nil || n != 1 {
		t.Errorf("%d failed, %v", n, err)
	}
	wantAudited(t, db, model.AuditIntegrationFailed, made.BotUUID)
	if _, ok := claimDue(t, db, "a", later); ok {
		t.Error("one that was given up is due")
	}
	on, err := db.SwitchIntegration(ctx, hook.Switch{UUID: made.UUID, State: wire.IntegrationActive}, audited(model.AuditIntegrationEnabled))
	check(t, err)
	if i, ok := claimDue(t, db, "a", Start); !ok || i.Failures != 0 || on.State != wire.IntegrationActive {
		t.Errorf("enabled %v %+v", ok, i)
	}
}

func aClosedRoomHandsNothingOver(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 2)
	room := Group(t, db, p...)
	made := addHook(t, db, p[0], wire.IntegrationOutgoing, room).Integration
	bot := made.Actor("")
	send(t, db, room, p[0], "하나")
	_, err := db.CloseRoom(ctx, p[0], room.UUID, Start)
	check(t, err)
	if _, ok := claimDue(t, db, "a", Start); ok {
		t.Error("a closed room waits")
	}
	_, err = db.Append(ctx, Draft(room, bot, "x"))
	wantCode(t, err, wire.NotFound)
	gone, err := db.RemoveIntegration(ctx, p[0], made.UUID, audited(model.AuditIntegrationRemoved))
	check(t, err)
	if len(gone.Rooms) != 0 {
		t.Errorf("a closed room has a line: %+v", gone.Rooms)
	}
}
