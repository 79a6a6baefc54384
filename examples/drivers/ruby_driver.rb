# A small client of the Models API in Ruby, and the driver that lets models-conformance call it.

require "json"
require "net/http"
require "uri"

MODEL = {"id" => [String], "created_at" => [String], "display_name" => [String], "type" => [String]}.freeze
PAGE = {"data" => [Array], "has_more" => [TrueClass, FalseClass]}.freeze

class ApiError < StandardError
  # What the driver tells of an error, beside its name.
  attr_reader :told

  def initialize(told)
    super(told[:message])
    @told = told
  end
end

def get(connect, args, path, wanted)
  uri = URI(connect["base_url"].chomp("/") + "/v1/models" + path)
  headers = {"x-api-key" => connect["api_key"], "anthropic-version" => "2023-06-01"}
  headers["anthropic-beta"] = args["betas"].join(",") if args["betas"]&.any?
  response = fetch(uri, headers, connect["timeout_s"])
  value = parsed(response.body.to_s)
  raise refusal(response, value) unless response.code == "200"

  checked(value, wanted)
end

# Net::HTTP follows no redirect: another host never gets the key.
def fetch(uri, headers, seconds)
  http = Net::HTTP.new(uri.host, uri.port)
  http.use_ssl = uri.scheme == "https"
  http.open_timeout = http.read_timeout = seconds
  http.max_retries = 0
  response = http.start { http.request(Net::HTTP::Get.new(uri, {"accept-encoding" => "identity", **headers})) }
  # Net::HTTP takes half a body for a whole one.
  cut = response.content_length && response.body.to_s.bytesize < response.content_length
  cut ? raise(EOFError, "the answer is cut short") : response
rescue Timeout::Error => e
  raise ApiError.new(kind: "timeout", message: e.message)
rescue SystemCallError, IOError, SocketError, Net::ProtocolError, Net::HTTPBadResponse => e
  raise ApiError.new(kind: "connection", message: e.message)
end

def parsed(body)
  JSON.parse(body.dup.force_encoding("UTF-8"))
rescue JSON::ParserError, EncodingError
  nil
end

def refusal(response, value)
  error = value.is_a?(Hash) ? value["error"] : nil
  type = error.is_a?(Hash) ? error["type"] : nil
  ApiError.new(kind: "status", status: response.code.to_i, error_type: type, request_id: response["request-id"])
end

def checked(value, wanted)
  return value if value.is_a?(Hash) && wanted.all? { |name, types| types.include?(value[name].class) }

  raise ApiError.new(kind: "decode", message: "the answer lacks one of #{wanted.keys.join(', ')}")
end

def retrieve(connect, args)
  id = args["model_id"]
  raise ApiError.new(kind: "argument", message: "this id leads to another path") if ["", ".", ".."].include?(id)

  get(connect, args, "/" + URI.encode_www_form_component(id).gsub("+", "%20"), MODEL)
end

def page(connect, args)
  query = URI.encode_www_form(args.except("betas"))
  found = get(connect, args, query.empty? ? "" : "?#{query}", PAGE)
  found.tap { found["data"].each { |model| checked(model, MODEL) } }
end

def walk(connect, args)
  cursor, ending = args.key?("before_id") ? %w[before_id first_id] : %w[after_id last_id]
  loop do
    found = page(connect, args)
    found["data"].each { |model| yield model }
    return unless found["has_more"]
    raise ApiError.new(kind: "other", message: "the cursor stands still") if [nil, args[cursor]].include?(found[ending])

    args = args.merge(cursor => found[ending])
  end
end

def seen(model)
  model.slice(*MODEL.keys).merge("extra" => model.except(*MODEL.keys))
end

def answer(question, items)
  if question["op"] == "hello"
    me = {client: "hand-written", version: "1", language: "ruby", surfaces: ["models"]}
    return {ok: {protocol: 1, **me, capabilities: %w[betas walk raw_ids]}}
  end
  connect, args = question.values_at("connect", "args")
  return {ok: {model: seen(retrieve(connect, args))}} if question["op"] == "retrieve"

  unless question["walk"]
    found = page(connect, args)
    return {ok: {page: {**found, "data" => found["data"].map { |model| seen(model) }}}}
  end
  walk(connect, args) do |model|
    items << seen(model)
    return {ok: {items: items, truncated: true}} if items.length == question["max_items"]
  end
  {ok: {items: items, truncated: false}}
rescue ApiError => e
  {raised: {name: "ApiError", **e.told}, **(question["walk"] ? {items_before: items} : {})}
end

$stdin.set_encoding("UTF-8")
$stdin.each_line do |line|
  question = JSON.parse(line)
  $stdout.puts JSON.generate({id: question["id"], **answer(question, [])})
  $stdout.flush
end
