using System.Text.Json.Nodes;
using CsCheck;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class SpecMutationTests
{
    private const int Tries = 2000;

    private static readonly string _valid = SpecWriter.Write(TestSpecs.Unusual);

    private static readonly string[] _values =
    [
        "null", "true", "-1", "0", "1e-400", "1e400", "0.5", "99999999999999999999", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[null]", "[[1]]", "[\"shallow\",\"shallow\"]", "{}",
        "{\"shallow\":null}", "{\"a\":1,\"a\":2}", "\"784-784\"", "\"relu\"", "\"zero\"", "\"adam\"", "\"softmax-cross-entropy\"", "\"teacher-tanh\"", "\"mnist\"",
    ];

    [Fact]
    public void ChangedCharactersGiveASpecOrASpecException() =>
        Gen.Select(Gen.Int[0, _valid.Length - 1], Gen.Int[0, 4], Gen.OneOf(Gen.Char["{}[]:,\"\\0123456789eE.-ntfa/* \n"], Gen.Char).Array[0, 4])
            .Sample((start, removed, inserted) => ReadsOrExplains(_valid[..start] + new string(inserted) + _valid[Math.Min(_valid.Length, start + removed)..]), iter: Tries);

    [Fact]
    public void ChangedValuesGiveASpecOrASpecException()
    {
        var places = Places(JsonNode.Parse(_valid)!).ToList();
        Gen.Select(Gen.Int[0, places.Count - 1], Gen.Int[0, _values.Length - 1].Select(index => _values[index])).Array[1, 4]
            .Sample(changes => ReadsOrExplains(changes.Aggregate(_valid, (json, change) => Replace(json, places[change.Item1], change.Item2))), iter: Tries);
    }

    /// <summary>
    /// True if what was read is a spec without mistakes that survives being written; false fails the property, any other exception too.
    /// </summary>
    private static bool ReadsOrExplains(string json)
    {
        try
        {
            var text = SpecWriter.Write(SpecReader.Read(json, TestSpecs.Components));
            return SpecWriter.Write(SpecReader.Read(text, TestSpecs.Components)) == text;
        }
        catch (SpecException exception)
        {
            return exception.Problems.Count > 0 && exception.Problems.All(problem => problem.Message.Length > 0);
        }
    }

    private static IEnumerable<string> Places(JsonNode node) =>
        node is JsonObject members ? members.SelectMany(member => new[] { $"\"{member.Key}\": " }.Concat(member.Value is null ? [] : Places(member.Value))) : [];

    /// <summary>Puts a value in front of the old one's place, whose key becomes another, unknown or repeated one.</summary>
    private static string Replace(string json, string key, string value)
    {
        var start = json.IndexOf(key, StringComparison.Ordinal) + key.Length;
        var end = json.AsSpan(start).IndexOfAny(',', '\n') + start;
        return $"{json[..start]}{value}{(json[start] is '{' or '[' ? $", \"name\": {json[start..end]}" : "")}{json[end..]}";
    }
}
