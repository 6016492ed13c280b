using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Testing;
using NJsonSchema;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class SpecSchemaTests
{
    private static readonly JsonDocumentOptions _lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>
    /// Bad specs that a schema cannot see: combinations, sizes that multiply, sources that are likely typing errors in a path.
    /// </summary>
    private static readonly string[] _beyondASchema =
    [
        "network with too many weights", "network with a huge layer", "epochs and examples", "phases and epochs and examples", "phases and patience", "phases in which unknown layers learn", "phases in which layers of the default network learn",
        "phases in which a shallow rule moves nothing", "phases that draw anew what is not there", "warm-up beyond the last phase",
        "cross-entropy on tanh outputs", "logistic cross-entropy on logistic outputs", "softmax of one",
        "nesterov without momentum", "momentum with adam", "a decay that takes all", "a decay that takes all at this rate", "a decay that takes all at one rule's rate", "step without steps", "steps without step", "exponential to 0",
        "warm-up beyond the end", "zero weights under relu", "a teacher of the wrong kind", "a teacher that is not needed", "a network that does not fit its teacher",
        "a network that does not fit the images", "a network that does not fit the plane of bands", "noise for a rule that draws none",
            "an angle that is never read",
        "norms that are never read", "feedback weights of a file that are drawn again", "the checksum of no feedback weights",
        "feedback weights of two files", "a checksum of no file",
        "connections without layers", "connections both ways and neither", "connections to more inputs than there are",
        "feedback normalized twice", "feedback connections said twice", "feedback of a rank and with connections missing", "feedback of a rank and with few errors",
        "feedback regenerated and of a rank", "feedback regenerated with connections missing", "feedback regenerated with few errors", "feedback regenerated and seen as a whole",
        "feedback beyond every matrix", "more errors than any layer sends",
        "a spiking network with today's habits", "a spiking network with another loss", "a spiking network with an angle that nobody can read",
        "a spiking network that never settles", "a rule by two of its names", "a rule for more layers than a folder's name has room for",
        "rules for more and for fewer layers than there are", "a rule for more layers than the default network has", "settings for the parts in another order",
        "a tuning of ranges that are none", "a tuning on a logarithmic scale from 0", "a tuning with nothing to search",
        "a tuning with more rungs than trials", "groups of which some never have an example",
        "a tuning that shortens phases", "a tuning to a rate at which the decay takes all",
        "changed pictures where there are none", "a crop out of more zeros than picture", "label smoothing of another loss",
        "label smoothing where the output layer asks for another loss", "label smoothing of numbers",
        "coupled decay under the name of the other", "a coupled decay that takes all",
        "a study of nothing", "a study of keys twice", "a study of keys that are none", "a study of what cannot be varied",
            "a study of values twice", "a study of lists of several lengths",
        "a study of too many runs",
    ];

    /// <summary>Bad specs that are no JSON, or none that the other implementation reads faithfully.</summary>
    private static readonly string[] _notJson =
    [
        "nothing", "only a comment", "a comma is missing", "after a word with accents", "NaN", "not closed", "two specs", "half a character", "key twice", "numbers too large and too small",
        "a study of half characters and keys twice in values",
    ];

    private static readonly string _specs = Path.Combine(Repository.Root, "specs");

    public static TheoryData<string> Examples => [.. Directory.GetFiles(_specs, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_specs, file))];

    public static TheoryData<string> BadForASchema => [.. BadSpecs.All.Select(bad => bad.Title).Except(_beyondASchema).Except(_notJson)];

    [Fact]
    public void TheSchemaInTheDocsIsTheOneOfTheTypes() => Approved.Matches("docs/spec.schema.json", SpecSchema.Write(Components.Standard));

    [Fact]
    public void ThePageOfKeysInTheDocsIsTheOneOfTheTypes() => Approved.Matches("docs/spec.md", SpecTable.Write(Components.Standard));

    [Fact]
    public void EveryKeyAndEveryIdIsDescribed() => Assert.All(Nodes(SpecSchema.Create(TestSpecs.Components)), node =>
    {
        Assert.All(node["properties"]?.AsObject() ?? [], property
            => Assert.True(property.Value!["description"] is not null || TestSpecs.Components.Rules.Ids.Contains(property.Key),
            property.Key));
        Assert.DoesNotContain("", node["enumDescriptions"]?.AsArray().Select(text => (string?)text) ?? []);
    });

    [Fact]
    public void EveryObjectRefusesUnknownKeys() => Assert.All(
        Nodes(SpecSchema.Create(TestSpecs.Components)).Where(node => node["properties"] is JsonObject),
        node => Assert.Equal("false", node["additionalProperties"]!.ToJsonString()));

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task ExamplesSatisfyReaderAndSchema(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(_specs, file), TestContext.Current.CancellationToken);
        var spec = SpecReader.Read(text, Components.Standard);
        Assert.Empty(await Violations(text, Components.Standard));
        Assert.Empty(await Violations(SpecWriter.Write(spec), Components.Standard));
    }

    [Theory]
    [MemberData(nameof(BadForASchema))]
    public async Task BadSpecsViolateTheSchema(string title) => Assert.NotEmpty(await Violations(BadSpecs.All.Single(bad => bad.Title == title).Json));

    [Theory]
    [InlineData("""{ "rules": ["direct-feedback-alignment+backpropagation", "frozen"], "ruleSettings": { "direct-feedback-alignment+backpropagation": { "learningRate": 0.1 }, "frozen": {} } }""")]
    [InlineData("""{ "training": { "phases": [{ "examples": 10, "rule": "feedback-alignment+feedback-alignment" }, { "examples": 1, "rule": "frozen" }, { "examples": 1, "rule": null }] } }""")]
    [InlineData("""
        {
          "rules": ["hidden1=direct-feedback-alignment+*=backpropagation"],
          "ruleSettings": { "hidden1=direct-feedback-alignment+*=backpropagation": { "learningRate": 0.1 } }
        }
        """)]
    [InlineData("""
        { "rules": ["block1/*=backpropagation+*=feedback-alignment"],
          "network": { "layers": "784, dense 9 relu, residual(dense 9), dense 10" } }
        """)]
    public async Task RulesOfSingleLayersAndOtherNamesSatisfyReaderAndSchema(string json)
    {
        var spec = SpecReader.Read(json, TestSpecs.Components);
        Assert.Empty(await Violations(json));
        Assert.Empty(await Violations(SpecWriter.Write(spec)));
    }

    [Fact]
    public async Task TheDefaultSpecSatisfiesTheSchema() => Assert.Empty(await Violations(SpecWriter.Write(new ExperimentSpec())));

    /// <summary>The other implementation computes in decimals and 64 bits with a sign, so its extremes are closer.</summary>
    [Fact]
    public async Task AnUnusualSpecSatisfiesTheSchema()
    {
        var spec = TestSpecs.Unusual;
        Assert.Empty(await Violations(SpecWriter.Write(spec with { Seeds = [long.MaxValue, 0], Data = spec.Data with { InputScale = 1e-20f }, Feedback = spec.Feedback with { Scale = 1e20f } })));
    }

    [Fact]
    public void TheDigitsExampleIsTheDefaultSpec()
    {
        var example = SpecReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "specs", "digits.json")), TestSpecs.Components);
        Assert.Equal(SpecWriter.Write(Completed(new ExperimentSpec())), SpecWriter.Write(Completed(example)));
    }

    [Fact]
    public void TheDefaultOfAKeyIsWhatTheReaderTakesWhereOnlyItsSectionIsThere()
    {
        var optimizer = SpecSchema.Create(TestSpecs.Components)["properties"]!["optimizer"]!;
        var read = SpecReader.Read("""{ "optimizer": {} }""", TestSpecs.Components).Optimizer;
        Assert.Equal(read.Momentum, (float)optimizer["properties"]!["momentum"]!["default"]!);
        Assert.Equal(new ExperimentSpec().Optimizer.Momentum, (float)optimizer["default"]!["momentum"]!);
    }

    private static ExperimentSpec Completed(ExperimentSpec spec) => SpecCompletion.Complete(
        spec,
        new DataRecord
        {
            Description = "digits",
            Train = 10_000,
            Validation = 2_000,
            Test = 5_000,
            Inputs = 784,
            Outputs = 10,
            Classification = true
        }, Components.Standard);

    private static async Task<IEnumerable<string>> Violations(string json, Components? components = null)
    {
        var schema = await JsonSchema.FromJsonAsync(SpecSchema.Write(components ?? TestSpecs.Components),
            TestContext.Current.CancellationToken);
        return schema.Validate(JsonNode.Parse(json, documentOptions: _lenient)!.ToJsonString()).Select(violation => violation.ToString());
    }

    private static IEnumerable<JsonObject> Nodes(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Nodes(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Nodes),
        _ => [],
    };
}
