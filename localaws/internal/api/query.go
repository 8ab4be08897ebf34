package api

import (
	"encoding/xml"
	"net/http"
)

// QueryService answers the operations of a table in the query protocol.
//
// Source: Smithy, AWS query protocol.
type QueryService struct {
	Namespace string // of the answers' XML
	Prefix    string // of the service's IAM actions: "sts"
	Table     map[string]QueryOperation
}

// QueryOperation is one operation of a service that speaks the query protocol.
// It refuses, by Form.Done, the parameters that it does not know.
type QueryOperation func(c Call, f *Form) (any, error)

// Query makes an operation of a function of an input structure, as Form.Decode
// reads it.
func Query[In any](f func(Call, In) (any, error)) QueryOperation {
	return func(c Call, form *Form) (any, error) {
		var in In
		if err := form.Decode(&in); err != nil {
			return nil, err
		}
		return f(c, in)
	}
}

// Serve implements Service.
func (s QueryService) Serve(w http.ResponseWriter, r *http.Request, c Call) {
	action, result, err := s.answer(r, c)
	c.Trace.Answered(s.Prefix+":"+action, err)
	if err != nil {
		WriteQueryError(w, c.RequestID, s.Namespace, err)
		return
	}
	WriteQuery(w, c.RequestID, s.Namespace, action, result)
}

func (s QueryService) answer(r *http.Request, c Call) (action string, result any, err error) {
	f, err := ParseForm(r)
	if err != nil {
		return "", nil, err
	}
	operation, ok := s.Table[f.Action()]
	if !ok {
		return f.Action(), nil, Errorf(http.StatusBadRequest, "InvalidAction", "the local AWS has no operation %s:%s", s.Prefix, f.Action())
	}
	result, err = operation(c, f)
	return f.Action(), result, err
}

// Operations implements Service.
func (s QueryService) Operations() []string { return names(s.Table) }

// WriteQuery writes the answer to an operation of the query protocol (STS,
// IAM, CloudFormation). Result is encoded with encoding/xml as the element
// <OperationResult>; nil: the operation has no result. A list has the tag
// `xml:"Roles>member"`.
//
// Source: Smithy, AWS query protocol, "Response serialization".
func WriteQuery(w http.ResponseWriter, requestID, namespace, operation string, result any) {
	w.Header().Set("Content-Type", "text/xml")
	e := xml.NewEncoder(w)
	response := element(operation + "Response")
	response.Attr = []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: namespace}}
	// Nothing can be done about an error here: the status is out, and a
	// client that is gone needs no answer.
	_ = e.EncodeToken(response)
	if result != nil {
		_ = e.EncodeElement(result, element(operation+"Result"))
	}
	_ = e.EncodeElement(struct{ RequestId string }{requestID}, element("ResponseMetadata"))
	_ = e.EncodeToken(response.End())
	_ = e.Flush()
}

// WriteQueryError writes err in the form of the query protocol. An err that is
// no *Error is answered as InternalFailure.
func WriteQueryError(w http.ResponseWriter, requestID, namespace string, err error) {
	x := AsError(err)
	kind := "Sender"
	if x.Status >= 500 {
		kind = "Receiver"
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(x.Status)
	body := struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Namespace string   `xml:"xmlns,attr,omitempty"`
		Type      string   `xml:"Error>Type"`
		Code      string   `xml:"Error>Code"`
		Message   string   `xml:"Error>Message"`
		RequestID string   `xml:"RequestId"`
	}{Namespace: namespace, Type: kind, Code: x.Code, Message: x.Message, RequestID: requestID}
	_ = xml.NewEncoder(w).Encode(body)
}

func element(name string) xml.StartElement {
	return xml.StartElement{Name: xml.Name{Local: name}}
}
