package api

import (
	"io"
	"log"
	"regexp"
	"strings"
	"unicode"
)

// Log tells whoever runs the local AWS what clients are not told: why a call was
// refused, what failed in the background. The nil Log drops it all.
type Log struct{ to *log.Logger }

// NewLog writes to w, an entry at a time. Nil: nothing is written.
func NewLog(w io.Writer) *Log {
	if w == nil {
		return nil
	}
	return &Log{log.New(w, "", log.LstdFlags)}
}

// Standard is the log for what writes lines of its own, such as net/http.
func (l *Log) Standard() *log.Logger {
	if l == nil {
		return log.New(io.Discard, "", 0)
	}
	return log.New(entries{l}, "", 0)
}

// entries makes an entry of each line of another logger.
type entries struct{ *Log }

func (e entries) Write(p []byte) (int, error) {
	e.Entry(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

// Entry writes one line, and what explains it beneath, further in. Who makes a
// request chooses much of the text, so that it can hold no line break, no control
// character of a terminal, and no signature.
func (l *Log) Entry(line string, beneath ...string) {
	if l == nil {
		return
	}
	var b strings.Builder
	b.WriteString(clean(line))
	for _, text := range beneath {
		for one := range strings.SplitSeq(text, "\n") {
			b.WriteString("\n    " + clean(one))
		}
	}
	l.to.Print(b.String())
}

// secret is a presigned URL's part that admits whoever knows it. A client may send
// one anywhere, as in the header Referer.
var secret = regexp.MustCompile(`(?i)((?:X-Amz-)?(?:Signature|Security-Token)=)[^&\s"]+`)

func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
	return secret.ReplaceAllString(text, "${1}...")
}
