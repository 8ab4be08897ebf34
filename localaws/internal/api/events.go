package api

// Events is what other services need of EventBridge: the default bus of an account
// and Region, which gets their events. No policy decides on those.
type Events interface {
	Publish(p Place, source, detailType string, resources []string, detail any)
}
