package s3

import (
	"encoding/xml"
	"net/http"
	"strconv"
)

// answer writes a document. The root element's name comes from v's XMLName.
func (rq *request) answer(status int, v any) error {
	out, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	return rq.answerBytes(status, "application/xml", append([]byte(xml.Header), out...))
}

func (rq *request) answerBytes(status int, contentType string, body []byte) error {
	h := rq.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	rq.w.WriteHeader(status)
	_, err := rq.w.Write(body)
	return err
}

// done answers without a body.
func (rq *request) done(status int) error {
	if status != http.StatusNoContent {
		rq.w.Header().Set("Content-Length", "0")
	}
	rq.w.WriteHeader(status)
	return nil
}
