package object

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/function"
)

// maxAnswer is the largest answer of a function in bytes, 6 MB.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxAnswer = 6 << 20

// getAnswer is a GetResult with its body as text if it is UTF-8, which JSON can
// carry, and the answer is at most limit bytes; else in base64. Text can grow
// sixfold in JSON, base64 cannot. The answer is built once, in memory of its own
// size: one of each form would not fit into the smallest function.
func getAnswer(r *GetResult, limit int) ([]byte, error) {
	fields, err := marshal(r)
	if err != nil {
		return nil, err
	}
	const text, binary, end = `,"body":"`, `,"bodyBase64":"`, `"}`
	fields = fields[:len(fields)-1] // the brace
	body := function.Text(r.Body)
	if utf8.Valid(body) {
		if size := len(fields) + len(text) + body.JSONLen() + len(end); size <= limit {
			answer := append(append(make([]byte, 0, size), fields...), text...)
			return append(body.AppendJSON(answer), end...), nil
		}
	}
	size := len(fields) + len(binary) + base64.StdEncoding.EncodedLen(len(body)) + len(end)
	answer := append(append(make([]byte, 0, size), fields...), binary...)
	return append(base64.StdEncoding.AppendEncode(answer, body), end...), nil
}

// marshal is json.Marshal without \u003c for "<".
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
