package sqs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// receipt makes the handle of the last receiving of a message. It tells a made-up
// handle from one of a message that is gone, without a list of those.
func (s *Service) receipt(q *queue, m *message) string {
	text := m.id + "." + strconv.Itoa(m.receipt)
	return base64.StdEncoding.EncodeToString(append(s.sign(q, text), text...))
}

func (s *Service) sign(q *queue, text string) []byte {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "%s\n%s", q.arn, text)
	return mac.Sum(nil)
}

// find is the message that a handle of this queue names, nil if it is gone, and
// whether the handle is that of its last receiving. s.mu is held.
func (s *Service) find(q *queue, handle string) (m *message, last bool, err error) {
	if handle == "" {
		return nil, false, missing("ReceiptHandle")
	}
	b, err := base64.StdEncoding.DecodeString(handle)
	if err != nil || len(b) < sha256.Size || !hmac.Equal(b[:sha256.Size], s.sign(q, string(b[sha256.Size:]))) {
		return nil, false, fail("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
	}
	id, number, _ := strings.Cut(string(b[sha256.Size:]), ".")
	for _, m := range q.messages {
		if m.id == id {
			return m, number == strconv.Itoa(m.receipt), nil
		}
	}
	return nil, false, nil
}
