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
            JsonNode asked = JSON.readTree(line);
            ObjectNode said = answer(asked);
            said.set("id", asked.get("id"));
            out.write((JSON.writeValueAsString(said) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        // Threads of the library's connection pool would keep the process alive for a minute.
        System.exit(0);
    }

    private static ObjectNode answer(JsonNode asked) {
        switch (asked.path("op").asText()) {
            case "hello":
                return JSON.createObjectNode().set("ok", hello());
            case "list":
            case "retrieve":
                return call(asked);
            default:
                return JSON.createObjectNode().put("fault", "no such op: " + asked.path("op"));
        }
    }

    private static ObjectNode hello() {
        ObjectNode said = JSON.createObjectNode();
        said.put("protocol", 1).put("client", "com.anthropic:anthropic-java").put("language", "java");
        said.put("version", AnthropicClient.class.getPackage().getImplementationVersion());
        said.putArray("surfaces").add("models").add("beta.models");
        ArrayNode capabilities = said.putArray("capabilities").add("walk").add("raw_ids");
        ArrayNode betasOn = said.putArray("betas_on");
        if (betasSetter(ModelListParams.builder()).isPresent()) {
            betasOn.add("models");
        }
        if (betasSetter(com.anthropic.models.beta.models.ModelListParams.builder()).isPresent()) {
            betasOn.add("beta.models");
        }
        if (!betasOn.isEmpty()) {
            capabilities.add("betas");
        }
        return said;
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

    private static ObjectNode call(JsonNode asked) {
        ArrayNode before = JSON.createArrayNode();
        boolean walk = asked.path("walk").asBoolean();
        ObjectNode said = JSON.createObjectNode();
        try {
            boolean list = asked.get("op").asText().equals("list");
            switch (asked.get("surface").asText()) {
                case "models":
                    return said.set("ok", list ? listModels(asked, walk, before) : retrieveModel(asked));
                case "beta.models":
                    return said.set("ok", list ? listBetaModels(asked, walk, before) : retrieveBetaModel(asked));
                default:
                    throw new Unsupported("this library has no surface " + asked.get("surface"));
            }
        } catch (Unsupported reason) {
            return said.put("unsupported", reason.getMessage());
        } catch (RuntimeException error) {
            if (walk) {
                said.set("items_before", before);
            }
            return said.set("raised", raised(error));
        }
    }

    private static ObjectNode listModels(JsonNode asked, boolean walk, ArrayNode before) {
        ModelListParams.Builder params = ModelListParams.builder();
        JsonNode args = asked.get("args");
        ifGiven(args, "limit").ifPresent(limit -> params.limit(limit.asLong()));
        ifGiven(args, "after_id").ifPresent(id -> params.afterId(id.asText()));
        ifGiven(args, "before_id").ifPresent(id -> params.beforeId(id.asText()));
        setBetas(params, args);
        ModelListPage page = client(asked.get("connect")).models().list(params.build());
        if (walk) {
            return walk(page.autoPager(), Driver::model, maxItems(asked), before);
        }
        return page(page.data(), Driver::model, page.firstId(), page.hasMore(), page.lastId());
    }

    private static ObjectNode listBetaModels(JsonNode asked, boolean walk, ArrayNode before) {
        com.anthropic.models.beta.models.ModelListParams.Builder params =
                com.anthropic.models.beta.models.ModelListParams.builder();
        JsonNode args = asked.get("args");
        ifGiven(args, "limit").ifPresent(limit -> params.limit(limit.asLong()));
        ifGiven(args, "after_id").ifPresent(id -> params.afterId(id.asText()));
        ifGiven(args, "before_id").ifPresent(id -> params.beforeId(id.asText()));
        setBetas(params, args);
        com.anthropic.models.beta.models.ModelListPage page =
                client(asked.get("connect")).beta().models().list(params.build());
        if (walk) {
            return walk(page.autoPager(), Driver::betaModel, maxItems(asked), before);
        }
        return page(page.data(), Driver::betaModel, page.firstId(), page.hasMore(), page.lastId());
    }

    private static ObjectNode retrieveModel(JsonNode asked) {
        ModelRetrieveParams.Builder params = ModelRetrieveParams.builder();
        params.modelId(asked.get("args").get("model_id").asText());
        setBetas(params, asked.get("args"));
        ModelInfo got = client(asked.get("connect")).models().retrieve(params.build());
        return JSON.createObjectNode().set("model", model(got));
    }

    private static ObjectNode retrieveBetaModel(JsonNode asked) {
        com.anthropic.models.beta.models.ModelRetrieveParams.Builder params =
                com.anthropic.models.beta.models.ModelRetrieveParams.builder();
        params.modelId(asked.get("args").get("model_id").asText());
        setBetas(params, asked.get("args"));
        BetaModelInfo got = client(asked.get("connect")).beta().models().retrieve(params.build());
        return JSON.createObjectNode().set("model", betaModel(got));
    }

    private static Optional<JsonNode> ifGiven(JsonNode args, String name) {
        return Optional.ofNullable(args.get(name));
    }

    private static int maxItems(JsonNode asked) {
        return asked.path("max_items").asInt(Integer.MAX_VALUE);
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
        data.forEach(each -> models.add(seen.apply(each)));
        page.put("first_id", firstId.orElse(null));
        page.put("has_more", hasMore.orElse(null));
        page.put("last_id", lastId.orElse(null));
        return JSON.createObjectNode().set("page", page);
    }

    private static <T> ObjectNode walk(Iterable<T> pager, Function<T, ObjectNode> seen, int maxItems, ArrayNode before) {
        boolean truncated = false;
        for (T each : pager) {
            before.add(seen.apply(each));
            if (before.size() >= maxItems) {
                truncated = true;
                break;
            }
        }
        ObjectNode said = JSON.createObjectNode().put("truncated", truncated);
        return said.set("items", before);
    }

    private static ObjectNode model(ModelInfo got) {
        ObjectNode told = JSON.createObjectNode();
        told.put("id", got.id());
        put(told, "created_at", got._createdAt(), () -> utc(got.createdAt()));
        put(told, "display_name", got._displayName(), got::displayName);
        return withRest(told, got._type(), got);
    }

    private static ObjectNode betaModel(BetaModelInfo got) {
        ObjectNode told = JSON.createObjectNode();
        told.put("id", got.id());
        put(told, "created_at", got._createdAt(), () -> utc(got.createdAt()));
        put(told, "display_name", got._displayName(), got::displayName);
        return withRest(told, got._type(), got);
    }

    // An absent member is left out and null is told as null, as the library lets a caller see. The accessor throws
    // where the library could not make the value of what it was sent, and that is its refusal of the answer. The id,
    // which a caller reads unasked, is always read by its accessor, and that throws where there is none.
    private static void put(ObjectNode told, String name, JsonField<?> raw, Supplier<String> value) {
        if (raw.isMissing()) {
            return;
        }
        told.put(name, raw.isNull() ? null : value.get());
    }

    private static ObjectNode withRest(ObjectNode told, JsonValue type, Object got) {
        if (!type.isMissing()) {
            // The library takes any JSON here; the protocol has no place for an object, so it is told as its JSON.
            JsonNode kept = type.convert(JsonNode.class);
            told.set("type", kept == null || kept.isValueNode() ? kept : JSON.getNodeFactory().textNode(kept.toString()));
        }
        ObjectNode extra = ObjectMappers.jsonMapper().valueToTree(got);
        extra.remove(List.of("id", "created_at", "display_name", "type"));
        told.set("extra", extra);
        return told;
    }

    // An Instant writes its seconds even where they are zero, as RFC 3339 wants; an OffsetDateTime does not.
    private static String utc(OffsetDateTime time) {
        return time.toInstant().toString();
    }

    private static ObjectNode raised(RuntimeException error) {
        ObjectNode told = JSON.createObjectNode();
        told.put("kind", kind(error)).put("name", error.getClass().getSimpleName());
        told.put("message", String.valueOf(error.getMessage()));
        if (error instanceof AnthropicServiceException) {
            AnthropicServiceException mapped = (AnthropicServiceException) error;
            told.put("status", mapped.statusCode());
            told.put("error_type", errorType(mapped));
            told.put("request_id", requestId(mapped));
        }
        return told;
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
