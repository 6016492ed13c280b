using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Experiments.Tests.Specs;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Studies;

public sealed class RunIdentityTests
{
    private const string Approvals = "tests/FeedbackAlignment.Experiments.Tests/Approved";
    private static readonly RunKey _key = new("feedback-alignment", 1);
    private static readonly LoadedData _data = TinyExperiment.Load(TinyExperiment.Spec);
    private static readonly ExperimentSpec _spec = Complete(TinyExperiment.Spec with { Rules = [_key.Rule, "backpropagation"] });

    [Fact]
    public void TheIdentityOfARunIsKnown()
    {
        var sparse = Complete(new ExperimentSpec
        {
            Rules = ["sparse-feedback-alignment"],
            Seeds = [ulong.MaxValue],
            Data = _spec.Data,
            Network = new() { Layers = "784, dense 20 relu, dropout 0.1, dense 10", Bias = false },
            Optimizer = new() { Kind = "adam", LearningRate = 1e-7f },
            Training = new() { Epochs = 1 / 3.0, EarlyEvaluations = 2 },
            RuleSettings = new Dictionary<string, RuleSettings> { ["sparse-feedback-alignment"] = new() { FeedbackScale = 0.1f } },
        });
        (ExperimentSpec Spec, RunKey Key)[] runs =
            [(_spec, _key), (_spec, new("backpropagation", 1)), (sparse, new("sparse-feedback-alignment", ulong.MaxValue))];
        Approved.Matches($"{Approvals}/RunIdentity.txt", string.Concat(runs.Select(
            run => $"{Name(run.Spec, run.Key)}\n{RunIdentity.Text(run.Spec, run.Key, "DATA", Components.Standard)}\n")));
    }

    /// <summary>
    /// What has its default is left out of an identity. With another default the same text would mean another run: raise
    /// <see cref="RunIdentity.Form"/> then.
    /// </summary>
    [Fact]
    public void DefaultsAreThoseOfTheForm()
    {
        const string File = $"{Approvals}/IdentityDefaults.txt";
        var now = Defaults();
        RequireSame(File, $"form {RunIdentity.Form}", now, "a default has changed: raise RunIdentity.Form");
        Approved.Matches(File, $"form {RunIdentity.Form}\n{string.Concat(now.Select(line => $"{line.Key} = {line.Value}\n"))}");
    }

    /// <summary>Bits that have changed are another arithmetic: raise <see cref="RunIdentity.Numerics"/> then.</summary>
    [Fact]
    public void TheNumericsNumberIsThatOfTheGoldenBits()
    {
        const string File = $"{Approvals}/Numerics.txt";
        SortedDictionary<string, string> now = new(StringComparer.Ordinal);
        foreach (var golden in (string[])["GoldenRun", "GoldenRunWide", "GoldenRunSeparate", "GoldenRunWideSeparate"])
        {
            foreach (var line in System.IO.File.ReadLines(
                Path.Combine(Repository.Root, $"tests/FeedbackAlignment.Tests/Approved/{golden}.txt")).Skip(1))
            {
                var mark = line.LastIndexOf(',');
                now[$"{golden} {line[..mark].Replace(",", "", StringComparison.Ordinal)}"] = line[(mark + 2)..(mark + 14)];
            }
        }

        RequireSame(File, $"numerics {RunIdentity.Numerics}", now, "golden bits have changed: raise RunIdentity.Numerics");
        Approved.Matches(File, $"numerics {RunIdentity.Numerics}\n{string.Concat(now.Select(line => $"{line.Key} = {line.Value}\n"))}");
    }

    [Fact]
    public void TextsAreCanonical()
    {
        Assert.Equal("""{"a":[1,0.1,1E-08],"b":{"c":null,"d":true}}""",
            CanonicalJson.Write(JsonNode.Parse("""{ "b": { "d": true, "c": null }, "a": [1, 1.0e-1, 0.00000001] }""")));
        Assert.Equal("18446744073709551615", CanonicalJson.Write(JsonNode.Parse("18446744073709551615")));
        Assert.Equal("\"\\u00E9\"", CanonicalJson.Write(JsonValue.Create("é")));
    }

    [Fact]
    public void WhatChangesNoBitIsNoPartOfIt()
    {
        Same(_spec with { Name = "another" });
        Same(_spec with { Training = _spec.Training with { Threads = 2 } });
        Same(_spec with { Training = _spec.Training with { Parallel = ParallelIds.Pipeline } });
        Same(_spec with { Format = 1 });
        Same(_spec with { Tuning = new() });
        Same(_spec with { Rules = [_key.Rule], Seeds = [1, 2, 3] });
        Same(_spec with { Data = _spec.Data with { Source = "elsewhere/digits" } });
        Same(_spec with { Network = _spec.Network with { Layers = "784-1x8-10" } });
        Same(_spec with { Optimizer = _spec.Optimizer with { Feedback = new() { WeightDecay = _spec.Optimizer.WeightDecay } } });
        Same(_spec with { RuleSettings = new Dictionary<string, RuleSettings> { ["backpropagation"] = new() { LearningRate = 3 } } });
        Same(_spec with
        {
            RuleSettings = Own(
            new() { LearningRate = _spec.Optimizer.LearningRate, FeedbackScale = _spec.Feedback.Scale })
        });
        var given = _spec with { Network = _spec.Network with { Initialization = new() { From = "/here/a", Sha256 = new('a', 64) } } };
        Assert.Equal(Name(given, _key),
            Name(given with { Network = given.Network with { Initialization = given.Network.Initialization with { From = "/there/b" } } },
            _key));
        var feedback = _spec with { Feedback = _spec.Feedback with { From = "/here/a", Sha256 = new('a', 64) } };
        Assert.Equal(Name(feedback, _key), Name(feedback with { Feedback = feedback.Feedback with { From = "/there/b" } }, _key));

        static void Same(ExperimentSpec other) => Assert.Equal(Name(_spec, _key), Name(other, _key));
    }

    /// <summary>Settings of one rule and of all are one setting where there is one rule to learn.</summary>
    [Fact]
    public void ARulesOwnSettingsAreThoseOfTheExperiment() => Assert.Equal(
        Name(_spec with { Optimizer = _spec.Optimizer with { LearningRate = 0.3f }, Feedback = _spec.Feedback with { Scale = 2 } }, _key),
        Name(_spec with { RuleSettings = Own(new() { LearningRate = 0.3f, FeedbackScale = 2 }) }, _key));

    [Fact]
    public void EverySettingThatChangesBitsChangesIt()
    {
        ExperimentSpec[] others =
        [
            _spec,
            .. Values(_spec, TestSpecs.Unusual),
            _spec with { Network = _spec.Network with { Initialization = new() { Sha256 = new('b', 64) } } },
            _spec with { Feedback = _spec.Feedback with { Sha256 = new('b', 64) } },
            _spec with { Network = _spec.Network with { Spiking = new() } },
            _spec with { Network = _spec.Network with { Spiking = new() { Steps = 3 } } },
            _spec with { Training = _spec.Training with { Phases = [new() { Examples = 9 }] } },
            _spec with { Training = _spec.Training with { Phases = [new() { Examples = 9, Rule = "backpropagation" }] } },
            _spec with { Training = _spec.Training with { Augmentation = new() { Flip = true } } },
            _spec with { RuleSettings = Own(new() { Options = new Dictionary<string, double> { ["x"] = 1 } }) },
        ];
        string[] names = [.. others.Select(spec => Name(spec, _key)), Name(_spec, _key with { Seed = 2 }), Name(_spec, new("shallow", 1)),
            RunIdentity.Name(_spec, _key, "other", Components.Standard)];
        Assert.True(names.Length >= 50, $"{names.Length} settings");
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    /// <summary>The code of a program's own parts is in no spec, so its runs are its own.</summary>
    [Fact]
    public void RunsOfAProgramWithPartsOfItsOwnAreItsOwn()
    {
        var own = Components.Standard with
        {
            Rules = Components.Standard.Rules.With(new Rules.RuleEntry(
            "own", "own", "Is backpropagation.", "nobody", setup => new Rules.BackpropagationRule(setup))
            { Notes = Rules.BackpropagationRule.Entry.Notes })
        };
        Assert.NotEqual(Name(_spec, _key), RunIdentity.Name(_spec, _key, "DATA", own));
        Assert.DoesNotContain("program", RunIdentity.Text(_spec, _key, "DATA", Components.Standard), StringComparison.Ordinal);
        Assert.False(SettingsWithoutEffect.IsFeedback(["own"], own));
        Assert.True(SettingsWithoutEffect.IsFeedback(["backpropagation"], own));
    }

    [Fact]
    public void OtherNumbersAreOtherData()
    {
        var other = TinyExperiment.Load(TinyExperiment.Spec with { Data = TinyExperiment.Spec.Data with { Seed = 2 } });
        Assert.Equal(DataChecksum.Sha256Of(_data.Split), DataChecksum.Sha256Of(TinyExperiment.Load(TinyExperiment.Spec).Split));
        Assert.NotEqual(DataChecksum.Sha256Of(_data.Split), DataChecksum.Sha256Of(other.Split));
        Assert.NotEqual(DataChecksum.Sha256Of(_data.Split), DataChecksum.Sha256Of(_data.Split with { Test = other.Split.Test }));
    }

    /// <summary>A spec for each key that two specs differ in, with the second's value there.</summary>
    private static IEnumerable<ExperimentSpec> Values(ExperimentSpec spec, ExperimentSpec unusual)
    {
        var values = JsonSerializer.SerializeToNode(unusual, ExperimentJson.Line)!.AsObject();
        foreach (var path in Leaves(JsonSerializer.SerializeToNode(spec, ExperimentJson.Line)!.AsObject(), ""))
        {
            if (path.Split('.') is ["data" or "tuning" or "ruleSettings" or "name" or "format" or "rules" or "seeds" or "study", ..]
                or ["training", "threads"] or ["network", "initialization", "from"])
            {
                continue;
            }

            var json = JsonSerializer.SerializeToNode(spec, ExperimentJson.Line)!.AsObject();
            var value = path.Split('.').Aggregate((JsonNode?)values, (node, step) => node?[step]);
            var before = path.Split('.').Aggregate((JsonNode?)json, (node, step) => node?[step]);
            if (!JsonNode.DeepEquals(value, before))
            {
                SpecJson.Set(json, path, value?.DeepClone());
                yield return json.Deserialize<ExperimentSpec>(ExperimentJson.Line)!;
            }
        }
    }

    private static IEnumerable<string> Leaves(JsonObject section, string path) => section.SelectMany(member
        => member.Value is JsonObject { Count: > 0 } inner ? Leaves(inner, $"{path}{member.Key}.") : [$"{path}{member.Key}"]);

    private static SortedDictionary<string, string> Defaults()
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in (object[])
            [new ExperimentSpec(), new NetworkSpec(), new InitializationSpec(), new ConnectionsSpec(), new SpikingSpec(),
                new FeedbackSpec(),
                new OptimizerSpec(), new LearnedFeedbackSpec(), new ScheduleSpec(), new TrainingSpec(), new AugmentationSpec(),
                new PhaseSpec { Examples = 1 }, new RuleSettings()])
        {
            foreach (var member in JsonSerializer.SerializeToNode(section, section.GetType(), ExperimentJson.Line)!.AsObject())
            {
                if (member.Value is not JsonObject { Count: > 0 } && !(section is ExperimentSpec && member.Key is "name" or "format"))
                {
                    lines[$"{section.GetType().Name}.{member.Key}"] = CanonicalJson.Write(member.Value);
                }
            }
        }

        return lines;
    }

    /// <summary>Lines may come, and none may change under the same number.</summary>
    private static void RequireSame(string path, string head, SortedDictionary<string, string> now, string trouble)
    {
        var file = Path.Combine(Repository.Root, path);
        if (File.Exists(file) && File.ReadAllLines(file) is [var number, .. var lines] && number == head)
        {
            foreach (var line in lines)
            {
                var mark = line.IndexOf(" = ", StringComparison.Ordinal);
                Assert.True(!now.TryGetValue(line[..mark], out var value) || value == line[(mark + 3)..],
                    $"{trouble}; {line} is {value} now");
            }
        }
    }

    private static Dictionary<string, RuleSettings> Own(RuleSettings settings) => new() { [_key.Rule] = settings };

    private static string Name(ExperimentSpec spec, RunKey key) => RunIdentity.Name(spec, key, "DATA", Components.Standard);

    private static ExperimentSpec Complete(ExperimentSpec spec) => SpecCompletion.Complete(spec, _data.Record, Components.Standard);
}
