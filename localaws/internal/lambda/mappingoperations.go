package lambda

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type mappingJSON struct {
	UUID, EventSourceMappingArn, EventSourceArn, FunctionArn string
	BatchSize                                                int
	MaximumBatchingWindowInSeconds                           int
	FunctionResponseTypes                                    []string       `json:",omitempty"`
	ScalingConfig                                            *scalingConfig `json:",omitempty"`
	LastModified                                             float64
	LastProcessingResult                                     string `json:",omitempty"`
	State, StateTransitionReason                             string
}

// describe is the mapping on the wire. Service.mu must be held.
func (m *mapping) describe() mappingJSON {
	state := "Disabled"
	if m.stop != nil {
		state = "Enabled"
	}
	return mappingJSON{
		UUID: m.uuid, EventSourceMappingArn: m.arn(), EventSourceArn: m.settings.EventSourceArn, FunctionArn: m.function,
		BatchSize: m.settings.batchSize(), MaximumBatchingWindowInSeconds: int(m.settings.window().Seconds()),
		FunctionResponseTypes: m.settings.FunctionResponseTypes, ScalingConfig: m.settings.ScalingConfig,
		LastModified: api.EpochSeconds(m.modified), LastProcessingResult: m.result,
		State: state, StateTransitionReason: "USER_INITIATED",
	}
}

// createMapping makes a mapping, which polls at once: Lambda takes some seconds.
//
// Source: Lambda API reference, CreateEventSourceMapping.
func (s *Service) createMapping(c api.Call, in mappingSettings, tags map[string]string) (mappingJSON, error) {
	arn, account, err := resolve(c, in.FunctionName)
	if err != nil {
		return mappingJSON{}, err
	}
	m := &mapping{uuid: api.UUID(), place: c.Place(), settings: in, function: arn, tags: tags, modified: s.opt.Now()}
	err = s.opt.Authorizer.Authorize(c, api.Access{
		Action: "lambda:CreateEventSourceMapping", Resource: "*", ResourceAccount: c.Account, Context: mappingKeys(arn, api.TagKeys(tags)),
	})
	if err == nil && len(tags) > 0 {
		err = s.onMappingARN(c, "TagResource", m, tags)
	}
	if err != nil {
		return mappingJSON{}, err
	}
	if err := in.check(); err != nil {
		return mappingJSON{}, err
	}
	s.mu.Lock()
	f := s.functions[arn]
	s.mu.Unlock()
	if f == nil || account != c.Account {
		return mappingJSON{}, notFound(arn)
	}
	if err := s.checkSource(f, in.EventSourceArn); err != nil {
		return mappingJSON{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.mappings {
		if other.function == arn && other.settings.EventSourceArn == in.EventSourceArn {
			return mappingJSON{}, api.Errorf(http.StatusConflict, "ResourceConflictException", "An event source mapping with SQS arn (\" %s \") and function (\" %s \") already exists. Please update or delete the existing mapping with UUID %s", in.EventSourceArn, f.name, other.uuid)
		}
	}
	s.mappings[m.uuid] = m
	s.startPolling(m)
	return m.describe(), nil
}

func (s *Service) onMappingARN(c api.Call, action string, m *mapping, tags map[string]string) error {
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action: "lambda:" + action, Resource: m.arn(), ResourceAccount: m.place.Account, Context: mappingKeys(m.function, api.TagKeys(tags)),
	})
}

// findMapping is the mapping that the caller may act on. Whether there is one is
// told only to those who may ask.
func (s *Service) findMapping(c api.Call, action, uuid string) (*mapping, error) {
	s.mu.Lock()
	m := s.mappings[uuid]
	s.mu.Unlock()
	here := m != nil && m.place == c.Place()
	if !here {
		m = &mapping{uuid: uuid, place: c.Place()}
	}
	if err := s.onMappingARN(c, action, m, nil); err != nil {
		return nil, err
	}
	if !here {
		return nil, api.Errorf(http.StatusNotFound, "ResourceNotFoundException", "The resource you requested does not exist.")
	}
	return m, nil
}

func (s *Service) getMapping(c api.Call, uuid string) (int, mappingJSON, error) {
	m, err := s.findMapping(c, "GetEventSourceMapping", uuid)
	if err != nil {
		return 0, mappingJSON{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return http.StatusOK, m.describe(), nil
}

// deleteMapping ends the polling. What is being processed still is.
func (s *Service) deleteMapping(c api.Call, uuid string) (int, mappingJSON, error) {
	m, err := s.findMapping(c, "DeleteEventSourceMapping", uuid)
	if err != nil {
		return 0, mappingJSON{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m.stopPolling()
	delete(s.mappings, uuid)
	out := m.describe()
	out.State = "Deleting"
	return http.StatusAccepted, out, nil
}

// updateMapping changes the settings that are given; the queue stays.
//
// Source: Lambda API reference, UpdateEventSourceMapping.
func (s *Service) updateMapping(c api.Call, uuid string, in mappingSettings) (mappingJSON, error) {
	m, err := s.findMapping(c, "UpdateEventSourceMapping", uuid)
	if err != nil {
		return mappingJSON{}, err
	}
	s.mu.Lock()
	next, arn := m.settings, m.function
	s.mu.Unlock()
	if in.EventSourceArn != "" && in.EventSourceArn != next.EventSourceArn {
		return mappingJSON{}, invalid("EventSourceArn of an event source mapping can't be changed")
	}
	if in.BatchSize != nil {
		next.BatchSize = in.BatchSize
	}
	if in.Enabled != nil {
		next.Enabled = in.Enabled
	}
	if in.FunctionResponseTypes != nil {
		next.FunctionResponseTypes = in.FunctionResponseTypes
	}
	if in.MaximumBatchingWindowInSeconds != nil {
		next.MaximumBatchingWindowInSeconds = in.MaximumBatchingWindowInSeconds
	}
	if in.ScalingConfig != nil {
		next.ScalingConfig = in.ScalingConfig
	}
	if in.FunctionName != "" {
		if arn, _, err = resolve(c, in.FunctionName); err != nil {
			return mappingJSON{}, err
		}
	}
	if err := next.check(); err != nil {
		return mappingJSON{}, err
	}
	s.mu.Lock()
	f := s.functions[arn]
	s.mu.Unlock()
	if f == nil {
		return mappingJSON{}, notFound(arn)
	}
	if err := s.checkSource(f, next.EventSourceArn); err != nil {
		return mappingJSON{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m.stopPolling()
	m.settings, m.function, m.modified = next, arn, s.opt.Now()
	s.startPolling(m)
	return m.describe(), nil
}

type createMappingInput struct {
	mappingSettings
	Tags map[string]string
}

func (s *Service) serveCreateMapping(w http.ResponseWriter, r *http.Request, c api.Call) error {
	var in createMappingInput
	if err := api.DecodeJSON(http.MaxBytesReader(w, r.Body, maxPayload), &in); err != nil {
		return err
	}
	out, err := s.createMapping(c, in.mappingSettings, in.Tags)
	if err == nil {
		api.WriteREST(w, http.StatusAccepted, out)
	}
	return err
}

func (s *Service) serveUpdateMapping(w http.ResponseWriter, r *http.Request, c api.Call) error {
	var in mappingSettings
	if err := api.DecodeJSON(http.MaxBytesReader(w, r.Body, maxPayload), &in); err != nil {
		return err
	}
	out, err := s.updateMapping(c, r.PathValue("UUID"), in)
	if err == nil {
		api.WriteREST(w, http.StatusAccepted, out)
	}
	return err
}

func onMapping(f func(c api.Call, uuid string) (int, mappingJSON, error)) func(http.ResponseWriter, *http.Request, api.Call) error {
	return func(w http.ResponseWriter, r *http.Request, c api.Call) error {
		status, out, err := f(c, r.PathValue("UUID"))
		if err == nil {
			api.WriteREST(w, status, out)
		}
		return err
	}
}

func (s *Service) serveListMappings(w http.ResponseWriter, r *http.Request, c api.Call) error {
	q := r.URL.Query()
	size := 100
	if text := q.Get("MaxItems"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 10_000 {
			return invalid("MaxItems must be between 1 and 10000")
		}
		size = min(n, 100)
	}
	if err := s.opt.Authorizer.Authorize(c, api.Access{Action: "lambda:ListEventSourceMappings", Resource: "*", ResourceAccount: c.Account}); err != nil {
		return err
	}
	function := ""
	if name := q.Get("FunctionName"); name != "" {
		var err error
		if function, _, err = resolve(c, name); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []mappingJSON{}
	for _, uuid := range slices.Sorted(maps.Keys(s.mappings)) {
		m := s.mappings[uuid]
		if source := q.Get("EventSourceArn"); m.place == c.Place() && (source == "" || source == m.settings.EventSourceArn) && (function == "" || function == m.function) {
			list = append(list, m.describe())
		}
	}
	page, next, ok := api.Page(list, size, q.Get("Marker"))
	if !ok {
		return invalid("Marker %q is none", q.Get("Marker"))
	}
	api.WriteREST(w, http.StatusOK, struct {
		EventSourceMappings []mappingJSON
		NextMarker          string `json:",omitempty"`
	}{page, next})
	return nil
}
