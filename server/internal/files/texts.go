package files

import (
	"errors"
	"fmt"
	"strings"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// The texts of refusals.
var (
	textBadName = errs.Text{KO: "파일 이름을 사용할 수 없습니다.", EN: "This file name can't be used."}
	textEmpty   = errs.Text{KO: "빈 파일은 보낼 수 없습니다.", EN: "An empty file can't be sent."}
	textContent = errs.Text{
		KO: "파일 내용이 확장자와 다르거나 손상되었습니다.", EN: "The file is broken, or it is not what its name says.",
	}
	textImage = errs.Text{
		KO: "사진의 해상도가 너무 높거나 장면이 너무 많습니다.", EN: "The picture has too many pixels or frames.",
	}
	textArchive = errs.Text{
		KO: "압축 파일의 내용이 너무 크거나 안전하지 않습니다.", EN: "What is in the archive is too large or not safe.",
	}
	textEncrypted = errs.Text{KO: "암호가 걸린 파일은 보낼 수 없습니다.", EN: "A file with a password can't be sent."}
	textInfected  = errs.Text{KO: "악성 코드가 발견되어 차단했습니다.", EN: "It was blocked: the malware scanner found something."}
	textUnscanned = errs.Text{
		KO: "악성 코드 검사를 할 수 없어 보내지 못했습니다. 잠시 후 다시 시도해주세요.",
		EN: "It could not be checked for malware. Please try again later.",
	}
	textChecksum = errs.Text{
		KO: "전송 중 파일이 손상되었습니다. 다시 보내주세요.", EN: "The file was damaged on its way. Please send it again.",
	}
	textOffset     = errs.Text{KO: "업로드 위치가 맞지 않습니다.", EN: "The upload stands at another offset."}
	textWriting    = errs.Text{KO: "이미 업로드 중입니다.", EN: "This upload is being written already."}
	textTooLong    = errs.Text{KO: "처음에 알린 크기보다 큽니다.", EN: "It is larger than was announced."}
	textNoFile     = errs.Text{KO: "파일을 찾을 수 없습니다.", EN: "There is no such file."}
	textNotReady   = errs.Text{KO: "파일을 확인하고 있습니다.", EN: "The file is still being checked."}
	textAdminsOnly = errs.Text{KO: "관리자만 접근 가능", EN: "Only administrators may see this."}
)

// tooLarge names the limit as the original did.
func tooLarge(limit int64) *errs.Error {
	size := sizeText(limit)
	return errs.E(wire.TooLarge, wire.ReasonFileTooLarge, errs.Text{
		KO: "파일 크기는 " + size + "를 초과할 수 없습니다.", EN: "A file can't be larger than " + size + ".",
	})
}

func sizeText(n int64) string {
	for _, unit := range []struct {
		name  string
		bytes int64
	}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}} {
		if n >= unit.bytes {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/float64(unit.bytes)), ".0") + unit.name
		}
	}
	return fmt.Sprintf("%dB", n)
}

// typeRefused names the types that are taken, as the original did.
func typeRefused(types []string) *errs.Error {
	list := strings.Join(types, ", ")
	return errs.E(wire.UnsupportedType, wire.ReasonFileType, errs.Text{
		KO: "허용되지 않는 파일 형식입니다. 허용 형식: " + list, EN: "This type of file is not allowed. Allowed: " + list,
	})
}

func contentRefused(cause error) *errs.Error {
	return &errs.Error{Code: wire.UnsupportedType, Reason: wire.ReasonFileContent, Text: textContent, Err: cause}
}

func imageRefused(cause error) *errs.Error {
	return &errs.Error{Code: wire.UnsupportedType, Reason: wire.ReasonFileImage, Text: textImage, Err: cause}
}

func archiveRefused(cause error) *errs.Error {
	return &errs.Error{Code: wire.UnsupportedType, Reason: wire.ReasonFileArchive, Text: textArchive, Err: cause}
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*errs.Error](err)
	return ok
}

// isContent tells whether err is a refusal of contents that are not what they should be.
func isContent(err error) bool {
	refusal, ok := errors.AsType[*errs.Error](err)
	return ok && refusal.Reason == wire.ReasonFileContent
}

// refusalText is the text of a stored refusal: a row holds code and reason only.
func refusalText(e wire.Error) errs.Text {
	switch e.Reason {
	case wire.ReasonFileImage:
		return textImage
	case wire.ReasonFileArchive:
		return textArchive
	case wire.ReasonFileEncrypted:
		return textEncrypted
	case wire.ReasonFileInfected:
		return textInfected
	case wire.ReasonFileUnscanned:
		return textUnscanned
	case wire.ReasonFileChecksum:
		return textChecksum
	}
	return textContent
}
