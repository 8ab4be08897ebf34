package lambda

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// record is a message in the event of a function.
//
// Source: Lambda developer guide, with-sqs, example events.
type record struct {
	MessageID         string                     `json:"messageId"`
	ReceiptHandle     string                     `json:"receiptHandle"`
	Body              string                     `json:"body"`
	Attributes        map[string]string          `json:"attributes"`
	MessageAttributes map[string]recordAttribute `json:"messageAttributes"`
	MD5               string                     `json:"md5OfBody"`
	EventSource       string                     `json:"eventSource"`
	EventSourceARN    string                     `json:"eventSourceARN"`
	Region            string                     `json:"awsRegion"`
}

type recordAttribute struct {
	Text        *string  `json:"stringValue,omitempty"`
	Binary      string   `json:"binaryValue,omitempty"`
	TextLists   []string `json:"stringListValues"`
	BinaryLists []string `json:"binaryListValues"`
	DataType    string   `json:"dataType"`
}

// event makes an event of the first messages, as many as a payload has room for.
func (p *poller) event(list []api.QueueMessage) (event []byte, n int) {
	source, _ := arn.Parse(p.settings.EventSourceArn) // checked
	var b bytes.Buffer
	b.WriteString(`{"Records":[`)
	for _, m := range list {
		r := record{
			MessageID: m.ID, ReceiptHandle: m.ReceiptHandle, Body: m.Body, Attributes: m.Attributes, MD5: m.MD5,
			MessageAttributes: map[string]recordAttribute{}, EventSource: "aws:sqs",
			EventSourceARN: p.settings.EventSourceArn, Region: source.Region,
		}
		for name, a := range m.MessageAttributes {
			r.MessageAttributes[name] = recordAttribute{a.Text, base64.StdEncoding.EncodeToString(a.Binary), []string{}, []string{}, a.DataType}
		}
		text, _ := json.Marshal(r)
		if n > 0 {
			if b.Len()+len(text)+3 > maxPayload {
				break
			}
			b.WriteByte(',')
		}
		b.Write(text)
		n++
	}
	b.WriteString(`]}`)
	return b.Bytes(), n
}

// processed are the receipt handles of the messages that the function has
// processed: all, none, or those that it doesn't report. What it answers counts
// only if the mapping says so.
//
// Source: Lambda developer guide, services-sqs-errorhandling, "Success and failure
// conditions". An answer that is JSON, but neither an object nor null, is not
// among them: here it is a failure.
func processed(batch []api.QueueMessage, r result, reports bool) (handles []string) {
	failed := map[string]bool{}
	if r.failed {
		return nil
	}
	if reports {
		ids, ok := failures(r.payload)
		if !ok {
			return nil
		}
		for _, id := range ids {
			failed[id] = true
		}
	}
	for _, m := range batch {
		if failed[m.ID] {
			delete(failed, m.ID)
			continue
		}
		handles = append(handles, m.ReceiptHandle)
	}
	if len(failed) > 0 { // no message has this id
		return nil
	}
	return handles
}

// failures are the ids of the messages that an answer says are not processed. The
// names of its members are exact.
func failures(answer []byte) (ids []string, ok bool) {
	if len(bytes.TrimSpace(answer)) == 0 {
		return nil, true
	}
	var object map[string]json.RawMessage // nil for null
	if json.Unmarshal(answer, &object) != nil {
		return nil, false
	}
	var items []map[string]json.RawMessage
	if list, there := object["batchItemFailures"]; there && json.Unmarshal(list, &items) != nil {
		return nil, false
	}
	for _, item := range items {
		var id string
		if json.Unmarshal(item["itemIdentifier"], &id) != nil || id == "" {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}
