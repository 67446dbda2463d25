package core

import "himsg/shared/wire"

// Calls of the page whose work is being built.

func upcoming() error { return refuse(wire.Forbidden, reasonLocked, "not built yet") }

func (c *Core) OpenRoomAt(string, int64) (Conversation, error) { return Conversation{}, upcoming() }
func (c *Core) Newer(string, int64) (Page, error)              { return Page{}, upcoming() }
func (c *Core) Messages(string, []int64) ([]Message, error)    { return nil, upcoming() }
func (c *Core) Forward([]int64, []string) error                { return upcoming() }
func (c *Core) Edit(int64, Draft, int64) error                 { return upcoming() }
func (c *Core) HideMessages([]int64) error                     { return upcoming() }
func (c *Core) React(int64, string, bool) error                { return upcoming() }
func (c *Core) Pin(int64, bool) error                          { return upcoming() }
func (c *Core) Readers(string, int64, bool, string) (ReaderPage, error) {
	return ReaderPage{}, upcoming()
}
func (c *Core) SetPlace(string, Place) error                   { return upcoming() }
func (c *Core) MarkRead(string) error                          { return upcoming() }
func (c *Core) SetMy(string, MyChange) error                   { return upcoming() }
func (c *Core) RoomMembers(string, string) (MemberPage, error) { return MemberPage{}, upcoming() }
func (c *Core) Invite(string, []string) error                  { return upcoming() }
func (c *Core) RemoveMember(string, string) error              { return upcoming() }
func (c *Core) SetMemberRole(string, string, string) error     { return upcoming() }
func (c *Core) RenameRoom(string, string) error                { return upcoming() }
func (c *Core) SetRoomHistory(string, string) error            { return upcoming() }
func (c *Core) ChooseRoomPicture(string) (bool, error)         { return false, upcoming() }
func (c *Core) RemoveRoomPicture(string) error                 { return upcoming() }
func (c *Core) CloseRoom(string) error                         { return upcoming() }
func (c *Core) Search(SearchQuery) (SearchPage, error)         { return SearchPage{}, upcoming() }
