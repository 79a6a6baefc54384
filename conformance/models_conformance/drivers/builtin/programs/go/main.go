// Drives the Go module github.com/anthropics/anthropic-sdk-go over the driver protocol: one JSON object a line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptrace"
	"net/url"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
	"github.com/anthropics/anthropic-sdk-go/packages/pagination"
	"github.com/anthropics/anthropic-sdk-go/packages/param"
	"github.com/anthropics/anthropic-sdk-go/packages/respjson"
)

const module = "github.com/anthropics/anthropic-sdk-go"

type object = map[string]any

type connect struct {
	BaseURL    string  `json:"base_url"`
	APIKey     string  `json:"api_key"`
	TimeoutS   float64 `json:"timeout_s"`
	MaxRetries int     `json:"max_retries"`
}

type arguments struct {
	Limit    *int64   `json:"limit"`
	AfterID  *string  `json:"after_id"`
	BeforeID *string  `json:"before_id"`
	ModelID  string   `json:"model_id"`
	Betas    []string `json:"betas"`
}

type question struct {
	ID       any       `json:"id"`
	Op       string    `json:"op"`
	Surface  string    `json:"surface"`
	Connect  connect   `json:"connect"`
	Args     arguments `json:"args"`
	Walk     bool      `json:"walk"`
	MaxItems int       `json:"max_items"`
}

func main() {
	// Standard output belongs to the protocol; whatever the library prints goes to standard error.
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	os.Stdout = os.Stderr
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := out.Encode(answer(line)); err != nil {
			return
		}
	}
}

func answer(line []byte) object {
	// max_retries absent means the library's default, and so does -1 here.
	query := question{Connect: connect{MaxRetries: -1}}
	if err := json.Unmarshal(line, &query); err != nil {
		return object{"id": nil, "fault": err.Error()}
	}
	response := object{}
	switch query.Op {
	case "hello":
		response["ok"] = hello()
	case "list", "retrieve":
		response = call(query)
	default:
		response["fault"] = "no such op: " + query.Op
	}
	response["id"] = query.ID
	return response
}

func hello() object {
	version := "unknown"
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range build.Deps {
			if dependency.Path == module {
				version = strings.TrimPrefix(dependency.Version, "v")
			}
		}
	}
	betasOn := []string{}
	if takesBetas(&anthropic.ModelListParams{}) {
		betasOn = append(betasOn, "models")
	}
	if takesBetas(&anthropic.BetaModelListParams{}) {
		betasOn = append(betasOn, "beta.models")
	}
	capabilities := []string{"walk", "raw_ids"}
	if len(betasOn) > 0 {
		capabilities = append(capabilities, "betas")
	}
	return object{
		"protocol": 1, "client": module, "version": version, "language": "go",
		"surfaces": []string{"models", "beta.models"}, "capabilities": capabilities, "betas_on": betasOn,
	}
}

// clients keeps a client for each server, since a newer release opens a connection pool with each.
var clients = map[connect]anthropic.Client{}

func clientFor(to connect) anthropic.Client {
	if known, ok := clients[to]; ok {
		return known
	}
	options := []option.RequestOption{
		option.WithBaseURL(to.BaseURL),
		option.WithAPIKey(to.APIKey),
		option.WithRequestTimeout(time.Duration(to.TimeoutS * float64(time.Second))),
	}
	if to.MaxRetries >= 0 {
		options = append(options, option.WithMaxRetries(to.MaxRetries))
	}
	if len(clients) >= 64 {
		clear(clients)
	}
	clients[to] = anthropic.NewClient(options...)
	return clients[to]
}

func call(query question) (response object) {
	var before []object
	defer func() {
		// A caller that touches what the library returned without an error panics just so.
		if trouble := recover(); trouble != nil {
			failure := object{"kind": "decode", "name": "panic", "message": fmt.Sprint(trouble)}
			response = raised(failure, query, before)
		}
	}()
	client := clientFor(query.Connect)
	// An error before a connection was looked for is the caller's argument refused.
	sent := false
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GetConn: func(string) { sent = true }})
	var result object
	var err error
	switch query.Surface + " " + query.Op {
	case "models list":
		params := anthropic.ModelListParams{}
		params.Limit, params.AfterID, params.BeforeID = cursors(query.Args)
		if !setBetas(&params, query.Args.Betas) {
			return noBetas(query)
		}
		if query.Walk {
			result, err = walk(client.Models.ListAutoPaging(ctx, params), query.MaxItems, &before)
		} else {
			result, err = page(client.Models.List(ctx, params))
		}
	case "beta.models list":
		params := anthropic.BetaModelListParams{}
		params.Limit, params.AfterID, params.BeforeID = cursors(query.Args)
		if !setBetas(&params, query.Args.Betas) {
			return noBetas(query)
		}
		if query.Walk {
			result, err = walk(client.Beta.Models.ListAutoPaging(ctx, params), query.MaxItems, &before)
		} else {
			result, err = page(client.Beta.Models.List(ctx, params))
		}
	case "models retrieve":
		params := anthropic.ModelGetParams{}
		if !setBetas(&params, query.Args.Betas) {
			return noBetas(query)
		}
		result, err = model(client.Models.Get(ctx, query.Args.ModelID, params))
	case "beta.models retrieve":
		params := anthropic.BetaModelGetParams{}
		if !setBetas(&params, query.Args.Betas) {
			return noBetas(query)
		}
		result, err = model(client.Beta.Models.Get(ctx, query.Args.ModelID, params))
	default:
		return object{"unsupported": "this library has no surface " + query.Surface}
	}
	if err != nil {
		return raised(classify(err, sent), query, before)
	}
	return object{"ok": result}
}

func cursors(args arguments) (limit param.Opt[int64], after, before param.Opt[string]) {
	if args.Limit != nil {
		limit = anthropic.Int(*args.Limit)
	}
	if args.AfterID != nil {
		after = anthropic.String(*args.AfterID)
	}
	if args.BeforeID != nil {
		before = anthropic.String(*args.BeforeID)
	}
	return limit, after, before
}

// Which parameters have betas has changed between releases, so the field is looked up where the program runs.
func takesBetas(params any) bool {
	return reflect.ValueOf(params).Elem().FieldByName("Betas").IsValid()
}

func setBetas(params any, betas []string) bool {
	if betas == nil {
		return true
	}
	if !takesBetas(params) {
		return false
	}
	field := reflect.ValueOf(params).Elem().FieldByName("Betas")
	field.Set(reflect.MakeSlice(field.Type(), len(betas), len(betas)))
	for i, beta := range betas {
		field.Index(i).SetString(beta)
	}
	return true
}

func noBetas(query question) object {
	return object{"unsupported": query.Surface + " " + query.Op + " of this release takes no betas"}
}

// info is what models of both surfaces share, read by name because they are two types.
func info(of any) object {
	value := reflect.ValueOf(of)
	// A caller reads the id unasked, and finds the empty text where the answer had none.
	seen := object{"id": value.FieldByName("ID").String()}
	tell := func(name, field string, held any) {
		meta := value.FieldByName("JSON").FieldByName(field).Interface().(respjson.Field)
		put(seen, name, meta, held)
	}
	tell("created_at", "CreatedAt", value.FieldByName("CreatedAt").Interface().(time.Time).UTC().Format(time.RFC3339Nano))
	tell("display_name", "DisplayName", value.FieldByName("DisplayName").String())
	tell("type", "Type", value.FieldByName("Type").String())
	extra := map[string]json.RawMessage{}
	// The other fields are told as the library keeps them: as the JSON received.
	if err := json.Unmarshal([]byte(of.(interface{ RawJSON() string }).RawJSON()), &extra); err == nil {
		for _, known := range []string{"id", "created_at", "display_name", "type"} {
			delete(extra, known)
		}
	}
	seen["extra"] = extra
	return seen
}

// put leaves out a member that was absent and tells null for null, as the library's metadata lets a caller see;
// everything else is the field's value, which is Go's zero value where the library could not read the answer.
func put(seen object, name string, meta respjson.Field, held any) {
	switch meta.Raw() {
	case respjson.Omitted:
	case respjson.Null:
		seen[name] = nil
	default:
		seen[name] = held
	}
}

func infos[T any](models []T) []object {
	seen := make([]object, 0, len(models))
	for _, item := range models {
		seen = append(seen, info(item))
	}
	return seen
}

func page[T any](got *pagination.Page[T], err error) (object, error) {
	if err != nil {
		return nil, err
	}
	seen := object{"data": infos(got.Data)}
	put(seen, "first_id", got.JSON.FirstID, got.FirstID)
	put(seen, "has_more", got.JSON.HasMore, got.HasMore)
	put(seen, "last_id", got.JSON.LastID, got.LastID)
	return object{"page": seen}, nil
}

func walk[T any](pager *pagination.PageAutoPager[T], maxItems int, before *[]object) (object, error) {
	*before = []object{}
	for pager.Next() {
		*before = append(*before, info(pager.Current()))
		if len(*before) == maxItems {
			return object{"items": *before, "truncated": true}, nil
		}
	}
	return object{"items": *before, "truncated": false}, pager.Err()
}

func model[T any](got *T, err error) (object, error) {
	if err != nil {
		return nil, err
	}
	return object{"model": info(*got)}, nil
}

func raised(failure object, query question, before []object) object {
	response := object{"raised": failure}
	if query.Walk {
		response["items_before"] = slices.Concat([]object{}, before)
	}
	return response
}

func classify(err error, sent bool) object {
	failure := object{"name": fmt.Sprintf("%T", err), "message": err.Error()}
	var api *anthropic.Error
	var network net.Error
	var socket *net.OpError
	var exchange *url.Error
	switch {
	case errors.As(err, &api):
		failure["kind"], failure["status"] = "status", api.StatusCode
		// The empty text is how Go's fields say that there is none.
		if named := errorType(api); named != "" {
			failure["error_type"] = named
		}
		if named := requestID(api); named != "" {
			failure["request_id"] = named
		}
	case !sent:
		failure["kind"] = "argument"
	case strings.HasPrefix(err.Error(), "error parsing response json"):
		// Asked first: encoding/json says of half a document what net/http says of half a body, io.ErrUnexpectedEOF.
		failure["kind"] = "decode"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		failure["kind"] = "timeout"
	case errors.As(err, &exchange), errors.As(err, &socket), errors.Is(err, io.ErrUnexpectedEOF):
		failure["kind"] = "connection"
	default:
		failure["kind"] = "decode"
	}
	return failure
}

// Of an error the library's own attributes are told, and nothing is dug out beside them. Only where a release has none,
// the type is read from the body and the request id from the header that the library puts on the error, as its callers
// have to. The attributes are looked up where the program runs, since releases differ in them.
func errorType(api *anthropic.Error) string {
	if own := reflect.ValueOf(api).MethodByName("Type"); own.IsValid() {
		return own.Call(nil)[0].String()
	}
	var body struct{ Error struct{ Type string } }
	// A body that is no JSON has no type to tell.
	_ = json.Unmarshal([]byte(api.RawJSON()), &body)
	return body.Error.Type
}

func requestID(api *anthropic.Error) string {
	if own := reflect.ValueOf(api).Elem().FieldByName("RequestID"); own.IsValid() {
		return own.String()
	}
	return api.Response.Header.Get("request-id")
}
