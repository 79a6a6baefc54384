import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonField;
import com.anthropic.core.JsonValue;
import com.anthropic.core.ObjectMappers;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicInvalidDataException;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.beta.AnthropicBeta;
import com.anthropic.models.beta.models.BetaModelInfo;
import com.anthropic.models.models.ModelInfo;
import com.anthropic.models.models.ModelListPage;
import com.anthropic.models.models.ModelListParams;
import com.anthropic.models.models.ModelRetrieveParams;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.ZipException;

/** Drives the Maven artifact com.anthropic:anthropic-java over the driver protocol: one JSON object a line. */
public final class Driver {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIENTS_KEPT = 16;

    /** The library offers no such call. */
    private static final class Unsupported extends RuntimeException {
        Unsupported(String reason) {
            super(reason);
        }
    }

    // A client owns its connections and threads, so one is kept for each server, and closed when others push it out.
    private static final Map<JsonNode, AnthropicClient> CLIENTS = new LinkedHashMap<>(CLIENTS_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JsonNode, AnthropicClient> eldest) {
            if (size() <= CLIENTS_KEPT) {
                return false;
            }
            eldest.getValue().close();
            return true;
        }
    };

    public static void main(String[] none) throws IOException {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        // Standard output belongs to the protocol; whatever the library prints goes to standard error.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode query = JSON.readTree(line);
            ObjectNode response = answer(query);
            response.set("id", query.get("id"));
            out.write((JSON.writeValueAsString(response) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        // Threads of the library's connection pool would keep the process alive for a minute.
        System.exit(0);
    }

    private static ObjectNode answer(JsonNode query) {
        switch (query.path("op").asText()) {
            case "hello":
                return JSON.createObjectNode().set("ok", hello());
            case "list":
            case "retrieve":
                return call(query);
            default:
                return JSON.createObjectNode().put("fault", "no such op: " + query.path("op"));
        }
    }

    private static ObjectNode hello() {
        ObjectNode response = JSON.createObjectNode();
        response.put("protocol", 1).put("client", "com.anthropic:anthropic-java").put("language", "java");
        response.put("version", AnthropicClient.class.getPackage().getImplementationVersion());
        response.putArray("surfaces").add("models").add("beta.models");
        ArrayNode capabilities = response.putArray("capabilities").add("walk").add("raw_ids");
        ArrayNode betasOn = response.putArray("betas_on");
        if (betasSetter(ModelListParams.builder()).isPresent()) {
            betasOn.add("models");
        }
        if (betasSetter(com.anthropic.models.beta.models.ModelListParams.builder()).isPresent()) {
            betasOn.add("beta.models");
        }
        if (!betasOn.isEmpty()) {
            capabilities.add("betas");
        }
        return response;
    }

    private static AnthropicClient client(JsonNode connect) {
        return CLIENTS.computeIfAbsent(connect, Driver::connect);
    }

    private static AnthropicClient connect(JsonNode connect) {
        AnthropicOkHttpClient.Builder builder = AnthropicOkHttpClient.builder()
                .baseUrl(connect.get("base_url").asText())
                .apiKey(connect.get("api_key").asText())
                .timeout(Duration.ofMillis(Math.round(connect.get("timeout_s").asDouble() * 1000)));
        if (connect.hasNonNull("max_retries")) {
            builder.maxRetries(connect.get("max_retries").asInt());
        }
        return builder.build();
    }

    private static ObjectNode call(JsonNode query) {
        ArrayNode before = JSON.createArrayNode();
        boolean walk = query.path("walk").asBoolean();
        ObjectNode response = JSON.createObjectNode();
        try {
            boolean list = query.get("op").asText().equals("list");
            switch (query.get("surface").asText()) {
                case "models":
                    return response.set("ok", list ? listModels(query, walk, before) : retrieveModel(query));
                case "beta.models":
                    return response.set("ok", list ? listBetaModels(query, walk, before) : retrieveBetaModel(query));
                default:
                    throw new Unsupported("this library has no surface " + query.get("surface"));
            }
        } catch (Unsupported reason) {
            return response.put("unsupported", reason.getMessage());
        } catch (RuntimeException error) {
            if (walk) {
                response.set("items_before", before);
            }
            return response.set("raised", raised(error));
        }
    }

    private static ObjectNode listModels(JsonNode query, boolean walk, ArrayNode before) {
        ModelListParams.Builder params = ModelListParams.builder();
        JsonNode args = query.get("args");
        ifGiven(args, "limit").ifPresent(limit -> params.limit(limit.asLong()));
        ifGiven(args, "after_id").ifPresent(id -> params.afterId(id.asText()));
        ifGiven(args, "before_id").ifPresent(id -> params.beforeId(id.asText()));
        setBetas(params, args);
        ModelListPage page = client(query.get("connect")).models().list(params.build());
        if (walk) {
            return walk(page.autoPager(), Driver::model, maxItems(query), before);
        }
        return page(page.data(), Driver::model, page.firstId(), page.hasMore(), page.lastId());
    }

    private static ObjectNode listBetaModels(JsonNode query, boolean walk, ArrayNode before) {
        com.anthropic.models.beta.models.ModelListParams.Builder params =
                com.anthropic.models.beta.models.ModelListParams.builder();
        JsonNode args = query.get("args");
        ifGiven(args, "limit").ifPresent(limit -> params.limit(limit.asLong()));
        ifGiven(args, "after_id").ifPresent(id -> params.afterId(id.asText()));
        ifGiven(args, "before_id").ifPresent(id -> params.beforeId(id.asText()));
        setBetas(params, args);
        com.anthropic.models.beta.models.ModelListPage page =
                client(query.get("connect")).beta().models().list(params.build());
        if (walk) {
            return walk(page.autoPager(), Driver::betaModel, maxItems(query), before);
        }
        return page(page.data(), Driver::betaModel, page.firstId(), page.hasMore(), page.lastId());
    }

    private static ObjectNode retrieveModel(JsonNode query) {
        ModelRetrieveParams.Builder params = ModelRetrieveParams.builder();
        params.modelId(query.get("args").get("model_id").asText());
        setBetas(params, query.get("args"));
        ModelInfo got = client(query.get("connect")).models().retrieve(params.build());
        return JSON.createObjectNode().set("model", model(got));
    }

    private static ObjectNode retrieveBetaModel(JsonNode query) {
        com.anthropic.models.beta.models.ModelRetrieveParams.Builder params =
                com.anthropic.models.beta.models.ModelRetrieveParams.builder();
        params.modelId(query.get("args").get("model_id").asText());
        setBetas(params, query.get("args"));
        BetaModelInfo got = client(query.get("connect")).beta().models().retrieve(params.build());
        return JSON.createObjectNode().set("model", betaModel(got));
    }

    private static Optional<JsonNode> ifGiven(JsonNode args, String name) {
        return Optional.ofNullable(args.get(name));
    }

    private static int maxItems(JsonNode query) {
        return query.path("max_items").asInt(Integer.MAX_VALUE);
    }

    // Which parameters have betas has changed between releases, so the setter is looked up where the program runs.
    private static Optional<Method> betasSetter(Object builder) {
        return method(builder, "betas", List.class);
    }

    private static Optional<Method> method(Object on, String name, Class<?>... takes) {
        try {
            return Optional.of(on.getClass().getMethod(name, takes));
        } catch (NoSuchMethodException absent) {
            return Optional.empty();
        }
    }

    private static void setBetas(Object builder, JsonNode args) {
        if (!args.has("betas")) {
            return;
        }
        List<AnthropicBeta> betas = new ArrayList<>();
        args.get("betas").forEach(beta -> betas.add(AnthropicBeta.of(beta.asText())));
        try {
            betasSetter(builder)
                    .orElseThrow(() -> new Unsupported("this surface of this release takes no betas"))
                    .invoke(builder, betas);
        } catch (ReflectiveOperationException refused) {
            throw new IllegalArgumentException(refused.getCause());
        }
    }

    private static <T> ObjectNode page(
            List<T> data,
            Function<T, ObjectNode> seen,
            Optional<String> firstId,
            Optional<Boolean> hasMore,
            Optional<String> lastId) {
        ObjectNode page = JSON.createObjectNode();
        ArrayNode models = page.putArray("data");
        data.forEach(item -> models.add(seen.apply(item)));
        page.put("first_id", firstId.orElse(null));
        page.put("has_more", hasMore.orElse(null));
        page.put("last_id", lastId.orElse(null));
        return JSON.createObjectNode().set("page", page);
    }

    private static <T> ObjectNode walk(Iterable<T> pager, Function<T, ObjectNode> seen, int maxItems, ArrayNode before) {
        boolean truncated = false;
        for (T item : pager) {
            before.add(seen.apply(item));
            if (before.size() >= maxItems) {
                truncated = true;
                break;
            }
        }
        ObjectNode response = JSON.createObjectNode().put("truncated", truncated);
        return response.set("items", before);
    }

    private static ObjectNode model(ModelInfo got) {
        ObjectNode seen = JSON.createObjectNode();
        seen.put("id", got.id());
        put(seen, "created_at", got._createdAt(), () -> utc(got.createdAt()));
        put(seen, "display_name", got._displayName(), got::displayName);
        return withRest(seen, got._type(), got);
    }

    private static ObjectNode betaModel(BetaModelInfo got) {
        ObjectNode seen = JSON.createObjectNode();
        seen.put("id", got.id());
        put(seen, "created_at", got._createdAt(), () -> utc(got.createdAt()));
        put(seen, "display_name", got._displayName(), got::displayName);
        return withRest(seen, got._type(), got);
    }

    // An absent member is left out and null is told as null, as the library lets a caller see. The accessor throws
    // where the library could not make the value of what it was sent, and that is its refusal of the answer. The id,
    // which a caller reads unasked, is always read by its accessor, and that throws where there is none.
    private static void put(ObjectNode seen, String name, JsonField<?> raw, Supplier<String> value) {
        if (raw.isMissing()) {
            return;
        }
        seen.put(name, raw.isNull() ? null : value.get());
    }

    private static ObjectNode withRest(ObjectNode seen, JsonValue type, Object got) {
        if (!type.isMissing()) {
            // The library takes any JSON here; the protocol has no place for an object, so it is told as its JSON.
            JsonNode kept = type.convert(JsonNode.class);
            seen.set("type", kept == null || kept.isValueNode() ? kept : JSON.getNodeFactory().textNode(kept.toString()));
        }
        ObjectNode extra = ObjectMappers.jsonMapper().valueToTree(got);
        extra.remove(List.of("id", "created_at", "display_name", "type"));
        seen.set("extra", extra);
        return seen;
    }

    // An Instant writes its seconds even where they are zero, as RFC 3339 wants; an OffsetDateTime does not.
    private static String utc(OffsetDateTime time) {
        return time.toInstant().toString();
    }

    private static ObjectNode raised(RuntimeException error) {
        ObjectNode failure = JSON.createObjectNode();
        failure.put("kind", kind(error)).put("name", error.getClass().getSimpleName());
        failure.put("message", String.valueOf(error.getMessage()));
        if (error instanceof AnthropicServiceException) {
            AnthropicServiceException mapped = (AnthropicServiceException) error;
            failure.put("status", mapped.statusCode());
            failure.put("error_type", errorType(mapped));
            failure.put("request_id", requestId(mapped));
        }
        return failure;
    }

    // Of an error the library's own attributes are told, and nothing is dug out beside them. Only where a release has
    // none, the type is read from the body and the request id from the headers that the library puts on the error, as
    // its callers have to. The attributes are looked up where the program runs, since releases differ in them.
    private static String errorType(AnthropicServiceException error) {
        Optional<Method> own = method(error, "type").or(() -> method(error, "errorType"));
        if (own.isPresent()) {
            return attribute(error, own.get());
        }
        JsonNode body = error.body().isMissing() ? JSON.missingNode() : error.body().convert(JsonNode.class);
        return body.path("error").path("type").textValue();
    }

    private static String requestId(AnthropicServiceException error) {
        Optional<Method> own = method(error, "requestId");
        if (own.isPresent()) {
            return attribute(error, own.get());
        }
        return error.headers().values("request-id").stream().findFirst().orElse(null);
    }

    private static String attribute(AnthropicServiceException error, Method own) {
        try {
            return ((Optional<?>) own.invoke(error)).map(Object::toString).orElse(null);
        } catch (ReflectiveOperationException refused) {
            // An attribute that throws gives its caller nothing.
            return null;
        }
    }

    private static String kind(RuntimeException error) {
        if (error instanceof AnthropicServiceException) {
            return "status";
        }
        if (error instanceof AnthropicException) {
            // What the network did wins over the class: a body that stops arriving is reported as invalid data.
            Optional<Throwable> network = networkCause(error);
            if (network.isPresent()) {
                return network.get() instanceof InterruptedIOException ? "timeout" : "connection";
            }
            if (error instanceof AnthropicIoException) {
                return "connection";
            }
            return error instanceof AnthropicInvalidDataException ? "decode" : "other";
        }
        // The library's own checks, and OkHttp's of a header's characters, are plain Java exceptions.
        if (error instanceof NullPointerException) {
            // The answer `null` trips the library up, or whoever uses what it returned.
            return "decode";
        }
        boolean refused = error instanceof IllegalArgumentException || error instanceof IllegalStateException;
        return refused ? "argument" : "other";
    }

    private static Optional<Throwable> networkCause(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            boolean content = cause instanceof JsonProcessingException || cause instanceof ZipException;
            if (cause instanceof IOException && !content) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
