package legacy

import "himsg/server/internal/errs"

// Kind names a sort of problem.
type Kind string

// Fate is what a problem means for its row.
type Fate string

// The fates.
const (
	FateStops   Fate = "stops"   // nothing is imported before this is settled
	FateLeft    Fate = "left"    // the row does not come
	FateChanged Fate = "changed" // it comes, but not quite as it was
	FateNote    Fate = "note"    // it comes as it is; somebody should look at it
)

// The kinds of problems.
const (
	KindTooMuch         Kind = "too_much"
	KindShort           Kind = "rows_missing"
	KindTaken           Kind = "name_taken"
	KindOtherPerson     Kind = "other_person"
	KindOwnerMissing    Kind = "owner_missing"
	KindZone            Kind = "zone_doubtful"
	KindNoTable         Kind = "no_table"
	KindLinked          Kind = "linked"
	KindRenamed         Kind = "username_changed"
	KindNoEmployeeID    Kind = "employee_id_left_out"
	KindNoEmail         Kind = "email_left_out"
	KindBirthDate       Kind = "birth_date_left_out"
	KindField           Kind = "field_changed"
	KindNoPassword      Kind = "password_unusable"
	KindAdminDropped    Kind = "admin_dropped"
	KindRejectedMember  Kind = "rejected_member"
	KindUUID            Kind = "uuid_replaced"
	KindGhost           Kind = "person_gone"
	KindReset           Kind = "reset_request"
	KindRoomDuplicate   Kind = "room_duplicate"
	KindRoomEmpty       Kind = "room_without_members"
	KindRoomName        Kind = "room_name_changed"
	KindRoomTwin        Kind = "conversation_exists"
	KindSeatDuplicate   Kind = "member_duplicate"
	KindSeatOrphan      Kind = "member_orphan"
	KindReadOrphan      Kind = "read_mark_orphan"
	KindReadDuplicate   Kind = "read_mark_duplicate"
	KindMessageRoom     Kind = "message_room_gone"
	KindMessageNobody   Kind = "message_for_nobody"
	KindMessageEmpty    Kind = "message_empty"
	KindMessageSender   Kind = "message_sender_unclear"
	KindTextReencoded   Kind = "text_reencoded"
	KindTextDamaged     Kind = "text_damaged"
	KindTextCleaned     Kind = "text_cleaned"
	KindTextSplit       Kind = "text_split"
	KindTimeMissing     Kind = "time_missing"
	KindTimeTwice       Kind = "time_ambiguous"
	KindTimeSkipped     Kind = "time_skipped"
	KindTimeFuture      Kind = "time_future"
	KindFileMissing     Kind = "file_missing"
	KindFileOutside     Kind = "file_path_outside"
	KindFileOverwritten Kind = "file_overwritten"
	KindFileShared      Kind = "file_shared"
	KindFileRefused     Kind = "file_refused"
	KindFileName        Kind = "file_name_guessed"
	KindFileUnclaimed   Kind = "file_unclaimed"
	KindNoFolder        Kind = "no_folder"
	KindDifferent       Kind = "different_after_import"
)

// kindInfo says what a kind means, for who runs the import.
type kindInfo struct {
	fate Fate
	why  errs.Text
}

var kinds = map[Kind]kindInfo{
	KindTooMuch: {FateStops, errs.Text{
		KO: "가져올 수 있는 양을 넘었습니다.", EN: "There is more of this than can be imported.",
	}},
	KindShort: {FateStops, errs.Text{
		KO: "표의 행 수와 읽은 행 수가 다릅니다. 기존 서버를 멈추고 다시 실행하세요.",
		EN: "Not as many rows were read as the table has. Stop the original and run this again.",
	}},
	KindTaken: {FateStops, errs.Text{
		KO: "이 서버의 다른 계정이 아이디, 사번 또는 이메일을 쓰고 있습니다. 그 계정을 고치거나, 같은 사람이면 --existing link로 실행하세요.",
		EN: "Another account of this server has this user name, employee number or e-mail. Change that one, or run with --existing link if it is the same person.",
	}},
	KindOtherPerson: {FateStops, errs.Text{
		KO: "아이디와 사번이 둘 다 같지 않아 같은 사람인지 알 수 없습니다. 이 서버의 계정을 고친 뒤 다시 실행하세요.",
		EN: "User name and employee number are not both the same, so it can't be told whether it is the same person. Change the account of this server first.",
	}},
	KindOwnerMissing: {FateStops, errs.Text{
		KO: "--owner의 아이디를 가진 승인된 사용자가 없습니다.", EN: "Nobody who was let in has the user name that --owner says.",
	}},
	KindZone: {FateNote, errs.Text{
		KO: "가장 최근 메시지가 미래의 시각입니다. 시간이 UTC가 아니라 현지 시각으로 저장된 것 같습니다: --zone을 확인하세요.",
		EN: "The newest message is from the future: its time seems to be local and not UTC. Look at --zone.",
	}},
	KindNoTable: {FateNote, errs.Text{KO: "기존 데이터베이스에 이 표가 없습니다.", EN: "The original's database has no such table."}},
	KindLinked: {FateNote, errs.Text{
		KO: "이 서버에 이미 있는 계정으로 대화를 옮깁니다. 비밀번호와 프로필은 이 서버의 것이 남습니다.",
		EN: "The conversations go to the account that is here already; its password and profile stay as they are here.",
	}},
	KindRenamed: {FateChanged, errs.Text{
		KO: "아이디가 비었거나 쓸 수 없거나 겹쳐서 바꿨습니다. 본인에게 알려 주세요.",
		EN: "The user name was empty, not usable or a double, and was changed. Tell the person.",
	}},
	KindNoEmployeeID: {FateChanged, errs.Text{
		KO: "사번이 비었거나 겹쳐서 비워 두었습니다. 관리자가 채워 주세요.", EN: "The employee number was empty or a double and was left out. An administrator should fill it in.",
	}},
	KindNoEmail: {FateChanged, errs.Text{
		KO: "이메일이 올바르지 않거나 겹쳐서 비워 두었습니다.", EN: "The e-mail address was no address or a double and was left out.",
	}},
	KindBirthDate: {FateChanged, errs.Text{KO: "생년월일이 날짜가 아니어서 비워 두었습니다.", EN: "The birth date was no date and was left out."}},
	KindField: {FateChanged, errs.Text{
		KO: "이름이나 부서 등에 쓸 수 없는 문자가 있거나 너무 길거나 글자가 깨져 있어 고쳤습니다.",
		EN: "A name, department or other field had characters that are not allowed, was too long or garbled, and was mended.",
	}},
	KindNoPassword: {FateChanged, errs.Text{
		KO: "저장된 비밀번호를 읽을 수 없습니다. 관리자가 일회용 코드를 만들어 주어야 로그인할 수 있습니다.",
		EN: "The stored password can't be read. The person signs in with a one-time code of an administrator.",
	}},
	KindAdminDropped: {FateChanged, errs.Text{
		KO: "승인되지 않았거나 반려된 관리자입니다. 일반 사용자로 가져옵니다.", EN: "An administrator who is not let in or was rejected comes as an ordinary user.",
	}},
	KindRejectedMember: {FateChanged, errs.Text{
		KO: "반려되었지만 대화에 참여한 사람입니다. 사용 중지된 계정으로 가져옵니다.",
		EN: "Was rejected, but took part in conversations: comes as a disabled account.",
	}},
	KindUUID: {FateChanged, errs.Text{KO: "식별자가 UUID가 아니거나 겹쳐서 새로 만들었습니다.", EN: "The identifier was no UUID or a double and was made anew."}},
	KindGhost: {FateChanged, errs.Text{
		KO: "사용자 표에 없는 사람입니다. 탈퇴한 사용자로 가져와 상대방의 대화를 보존합니다.",
		EN: "This person is not among the users any more: comes as a deleted user, so that the others keep their conversations.",
	}},
	KindReset: {FateLeft, errs.Text{
		KO: "비밀번호 재설정 요청은 안전을 위해 가져오지 않습니다. 다시 요청하면 됩니다.",
		EN: "Requests for a new password don't come, for safety. The person can ask again.",
	}},
	KindRoomDuplicate: {FateLeft, errs.Text{
		KO: "같은 식별자의 채팅방이 또 있습니다. 먼저 만든 방으로 합칩니다.", EN: "Another room has the same identifier; the first one takes it all.",
	}},
	KindRoomEmpty: {FateLeft, errs.Text{
		KO: "멤버가 없어 아무도 볼 수 없던 채팅방입니다. 메시지도 함께 남겨 둡니다.", EN: "A room without members, which nobody could see. It does not come, nor do its messages.",
	}},
	KindRoomName: {FateChanged, errs.Text{KO: "채팅방 이름에 쓸 수 없는 문자가 있거나 너무 길거나 깨져 있어 고쳤습니다.", EN: "The room's name had characters that are not allowed, was too long or garbled, and was mended."}},
	KindRoomTwin: {FateChanged, errs.Text{
		KO: "두 사람의 대화가 이 서버에 이미 있습니다. 이전 대화는 두 사람의 그룹 채팅방으로 가져옵니다.",
		EN: "These two have a conversation here already: the old one comes as a group of the two.",
	}},
	KindSeatDuplicate: {FateLeft, errs.Text{KO: "같은 멤버가 두 번 들어 있습니다. 한 번만 가져옵니다.", EN: "The same member twice; one comes."}},
	KindSeatOrphan:    {FateLeft, errs.Text{KO: "사람이나 채팅방이 없는 멤버 행입니다.", EN: "A member whose person or room is not there, or who was never let in."}},
	KindReadOrphan:    {FateLeft, errs.Text{KO: "멤버가 아니거나 채팅방이 없는 읽음 표시입니다.", EN: "A mark of reading of who is no member, or of a room that is not there."}},
	KindReadDuplicate: {FateLeft, errs.Text{KO: "같은 읽음 표시가 또 있습니다. 가장 늦은 것을 씁니다.", EN: "Another mark of reading of the same person and room; the latest counts."}},
	KindMessageRoom: {FateLeft, errs.Text{
		KO: "채팅방이 없거나 멤버가 없어 아무도 볼 수 없던 메시지입니다.", EN: "The message's room is gone or has no members: nobody could see it.",
	}},
	KindMessageNobody: {FateLeft, errs.Text{
		KO: "보낸 사람과 받는 사람을 알 수 없는 메시지입니다.", EN: "It can't be told who wrote the message, or to whom.",
	}},
	KindMessageEmpty: {FateLeft, errs.Text{KO: "내용도 파일도 없는 메시지입니다.", EN: "A message without text and file."}},
	KindMessageSender: {FateNote, errs.Text{
		KO: "보낸 사람의 번호와 UUID가 서로 다른 사람입니다. 화면에 보이던 UUID를 따릅니다.",
		EN: "Number and UUID of the sender are two people; the UUID counts, as the original showed it.",
	}},
	KindTextReencoded: {FateChanged, errs.Text{KO: "다른 문자 집합으로 저장되어 깨진 글자를 되살렸습니다.", EN: "A garbled text, stored in another character set, was made readable."}},
	KindTextDamaged:   {FateChanged, errs.Text{KO: "읽을 수 없는 글자를 �로 바꿨습니다.", EN: "Bytes that are no text were replaced by �."}},
	KindTextCleaned:   {FateChanged, errs.Text{KO: "제어 문자를 지웠습니다.", EN: "Control characters were removed."}},
	KindTextSplit:     {FateChanged, errs.Text{KO: "10,000자가 넘어 여러 메시지로 나눴습니다.", EN: "Longer than 10,000 characters: it comes as several messages."}},
	KindTimeMissing:   {FateChanged, errs.Text{KO: "시각이 없어 바로 앞 메시지의 시각을 씁니다.", EN: "It has no time; that of the one before it is taken."}},
	KindTimeTwice:     {FateNote, errs.Text{KO: "서머타임 때문에 두 번 있었던 시각입니다. 이른 쪽을 씁니다.", EN: "The clocks showed this time twice; the first is taken."}},
	KindTimeSkipped:   {FateNote, errs.Text{KO: "서머타임 때문에 없던 시각입니다.", EN: "The clocks never showed this time."}},
	KindTimeFuture:    {FateNote, errs.Text{KO: "미래의 시각입니다.", EN: "The time is in the future."}},
	KindFileMissing:   {FateLeft, errs.Text{KO: "업로드 폴더에 파일이 없습니다. 메시지는 그 사실을 알리는 글과 함께 옵니다.", EN: "The file is not in the folder of uploads. Its message comes, and says so."}},
	KindFileOutside:   {FateLeft, errs.Text{KO: "파일 경로가 업로드 폴더 밖을 가리킵니다.", EN: "The file's path leads out of the folder of uploads."}},
	KindFileOverwritten: {FateLeft, errs.Text{
		KO: "같은 이름으로 나중에 올린 파일이 덮어썼습니다. 남은 내용은 나중 메시지의 것입니다.",
		EN: "A later file of the same name has overwritten it; what is on the disk belongs to the later message.",
	}},
	KindFileShared: {FateNote, errs.Text{
		KO: "여러 메시지가 이 파일을 가리킵니다. 마지막 메시지에 붙입니다. 내용이 맞는지 확인하세요.",
		EN: "Several messages point at this file. The last one gets it; look whether it is the right one.",
	}},
	KindFileRefused: {FateLeft, errs.Text{KO: "지금의 업로드 검사를 통과하지 못한 파일입니다.", EN: "The file does not pass the checks of an upload."}},
	KindFileName:    {FateChanged, errs.Text{KO: "파일 이름이 깨져 있어 다시 지었습니다.", EN: "The file's name was lost or can't be used, and was made anew."}},
	KindFileUnclaimed: {FateLeft, errs.Text{
		KO: "어느 메시지도 가리키지 않는 파일입니다. (지워진 대화의 파일)", EN: "No message points at this file (its conversation was deleted).",
	}},
	KindNoFolder:  {FateNote, errs.Text{KO: "--original-files가 없어 파일은 가져오지 않습니다.", EN: "Without --original-files no file comes."}},
	KindDifferent: {FateStops, errs.Text{KO: "가져온 것이 기존 것과 다릅니다.", EN: "What came is not what was there."}},
}
