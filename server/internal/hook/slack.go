package hook

import (
	"encoding/json"
	"strings"

	"himsg/shared/wire"
)

// This file reads what programs send that were made for Slack.

// slackMessage is the part of such a message that has words. Names and icons are not read: a bot has its own.
type slackMessage struct {
	Text        string            `json:"text"`
	Attachments []slackAttachment `json:"attachments"`
}

type slackAttachment struct {
	Fallback  string       `json:"fallback"`
	Pretext   string       `json:"pretext"`
	Title     string       `json:"title"`
	TitleLink string       `json:"title_link"`
	Text      string       `json:"text"`
	Fields    []slackField `json:"fields"`
}

type slackField struct {
	Title string `json:"title"`
	Value any    `json:"value"` // some send numbers
}

const (
	maxAttachments = 20
	maxFields      = 50
)

// SlackText is the text of a message that was made for Slack: its own, then what its attachments say, in lines. Links become
// "label (address)", and what Slack escapes is what it stands for; nobody is called by <!channel> or <@…>.
func SlackText(body []byte) (string, error) {
	var m slackMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return "", err
	}
	var parts []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			parts = append(parts, text)
		}
	}
	add(plain(m.Text))
	for _, a := range m.Attachments[:min(len(m.Attachments), maxAttachments)] {
		add(a.plain())
	}
	return strings.Join(parts, "\n"), nil
}

func (a slackAttachment) plain() string {
	var lines []string
	add := func(line string) {
		if line != "" {
			lines = append(lines, line)
		}
	}
	add(plain(a.Pretext))
	switch {
	case a.Title != "" && a.TitleLink != "":
		add(plain(a.Title) + " (" + a.TitleLink + ")")
	default:
		add(plain(a.Title))
	}
	add(plain(a.Text))
	for _, f := range a.Fields[:min(len(a.Fields), maxFields)] {
		value, ok := f.Value.(string)
		if !ok && f.Value != nil {
			said, err := json.Marshal(f.Value)
			if err != nil {
				continue
			}
			value = string(said)
		}
		add(strings.TrimPrefix(plain(f.Title)+": "+plain(value), ": "))
	}
	if len(lines) == 0 {
		add(plain(a.Fallback))
	}
	return strings.Join(lines, "\n")
}

var escaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// plain resolves Slack's marks: <https://a|b>, <#C1|name>, <@U1>, <!here>, and &lt; &gt; &amp;.
func plain(text string) string {
	if len(text) > wire.MaxTextRunes*12 { // far more than a message may have: it is refused anyway
		return text
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "<")
		b.WriteString(escaped.Replace(before))
		if !ok {
			return b.String()
		}
		mark, after, closed := strings.Cut(rest, ">")
		if !closed || mark == "" || strings.ContainsAny(mark, "<\n") {
			b.WriteString("<")
			text = rest
			continue
		}
		b.WriteString(escaped.Replace(marked(mark)))
		text = after
	}
}

func marked(mark string) string {
	target, label, labelled := strings.Cut(mark, "|")
	if strings.IndexAny(target, "@#!") == 0 { // a person, a channel, or a call to many
		if !labelled {
			return "@" + target[1:]
		}
		return strings.TrimPrefix(target[:1], "!") + strings.TrimLeft(label, "@#")
	}
	if label == "" || label == target {
		return target
	}
	if target == "" {
		return label
	}
	return label + " (" + target + ")"
}
