<?php
// A small client of the Models API in PHP (by its curl), and the driver that lets models-conformance call it.

declare(strict_types=1);
ini_set('display_errors', 'stderr'); // Standard output is for answers alone.

const MODEL = ['id' => 'is_string', 'created_at' => 'is_string', 'display_name' => 'is_string', 'type' => 'is_string'];
const PAGE = ['data' => 'is_array', 'has_more' => 'is_bool'];

/** `told` is what the driver tells of an error, beside its name. */
final class ApiError extends Exception {
    public function __construct(string $kind, public readonly array $told) {
        parent::__construct($kind);
    }
}

function get(array $connect, array $args, string $path, array $wanted): object {
    $betas = ($args['betas'] ?? []) ? ['anthropic-beta: ' . implode(',', $args['betas'])] : [];
    $head = '';
    $curl = curl_init(rtrim($connect['base_url'], '/') . '/v1/models' . $path);
    // No redirect is followed: another host never gets the key.
    curl_setopt_array($curl, [
        CURLOPT_HTTPHEADER => ['x-api-key: ' . $connect['api_key'], 'anthropic-version: 2023-06-01', ...$betas],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_PATH_AS_IS => true,
        CURLOPT_TIMEOUT_MS => (int) ($connect['timeout_s'] * 1000),
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$head): int {
            $head .= $line;
            return strlen($line);
        },
    ]);
    $body = curl_exec($curl);
    if ($body === false) {
        $is_late = curl_errno($curl) === CURLE_OPERATION_TIMEDOUT;
        throw new ApiError($is_late ? 'timeout' : 'connection', ['message' => curl_error($curl)]);
    }
    // Objects stay objects: as arrays, {} and [] would be one value.
    $value = json_decode($body);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($status !== 200) {
        $error = is_object($value) && isset($value->error) && is_object($value->error) ? $value->error : null;
        preg_match('/^request-id: *(\S+)/mi', $head, $id);
        $known = ['status' => $status, 'error_type' => $error->type ?? null, 'request_id' => $id[1] ?? null];
        throw new ApiError('status', $known);
    }
    return checked($value, $wanted);
}

function checked(mixed $value, array $wanted): object {
    foreach ($wanted as $name => $is) {
        if (!is_object($value) || !$is($value->$name ?? null)) {
            throw new ApiError('decode', ['message' => "the answer lacks $name"]);
        }
    }
    return $value;
}

function retrieve(array $connect, array $args): object {
    if (in_array($args['model_id'], ['', '.', '..'], true)) {
        throw new ApiError('argument', ['message' => 'this id leads to another path']);
    }
    return get($connect, $args, '/' . rawurlencode($args['model_id']), MODEL);
}

function page(array $connect, array $args): object {
    $found = get($connect, $args, '?' . http_build_query(array_diff_key($args, ['betas' => true])), PAGE);
    array_map(fn (mixed $model) => checked($model, MODEL), $found->data);
    return $found;
}

function walk(array $connect, array $args): Generator {
    [$cursor, $end] = isset($args['before_id']) ? ['before_id', 'first_id'] : ['after_id', 'last_id'];
    do {
        $found = page($connect, $args);
        yield from array_map('seen', $found->data);
        $next = $found->$end ?? null;
        if ($found->has_more && ($next === null || $next === ($args[$cursor] ?? null))) {
            throw new ApiError('other', ['message' => 'the cursor stands still']);
        }
        $args[$cursor] = $next;
    } while ($found->has_more);
}

function seen(object $model): array {
    $all = (array) $model;
    return [...array_intersect_key($all, MODEL), 'extra' => (object) array_diff_key($all, MODEL)];
}

function answer(array $question): array {
    if ($question['op'] === 'hello') {
        $me = ['client' => 'hand-written', 'version' => '1', 'language' => 'php', 'surfaces' => ['models']];
        return ['ok' => ['protocol' => 1, ...$me, 'capabilities' => ['betas', 'walk', 'raw_ids']]];
    }
    ['connect' => $connect, 'args' => $args] = $question;
    $items = [];
    try {
        if ($question['op'] === 'retrieve') {
            return ['ok' => ['model' => seen(retrieve($connect, $args))]];
        }
        if (!$question['walk']) {
            $found = (array) page($connect, $args);
            return ['ok' => ['page' => [...$found, 'data' => array_map('seen', $found['data'])]]];
        }
        foreach (walk($connect, $args) as $model) {
            $items[] = $model;
            if (count($items) === $question['max_items']) {
                return ['ok' => ['items' => $items, 'truncated' => true]];
            }
        }
        return ['ok' => ['items' => $items, 'truncated' => false]];
    } catch (ApiError $error) {
        $before = $question['walk'] ?? false ? ['items_before' => $items] : [];
        return ['raised' => ['name' => 'ApiError', 'kind' => $error->getMessage(), ...$error->told], ...$before];
    }
}

while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true);
    $answer = ['id' => $question['id'], ...answer($question)];
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR), "\n";
}
