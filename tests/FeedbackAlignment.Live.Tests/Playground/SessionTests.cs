using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Playground;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Live.Tests.Playground;

/// <summary>The engine of the playground, without a browser.</summary>
public sealed class SessionTests
{
    private const int FirstOfLayers = 10;

    public static TheoryData<string> Rules => [.. Settings.Rules.Select(rule => rule.Id)];

    [Theory]
    [InlineData("task=spiral&hidden=6-5&batch=7")]
    [InlineData("task=circle&rule=kolen-pollack&decay=0.001&activation=relu")]
    [InlineData("task=linear&rule=direct-feedback-alignment&scale=0.5")]
    public void BothNetworksLearnAsTheTrainerDoesToTheBit(string text)
    {
        var settings = Settings.Parse(text);
        var session = new Session(settings);
        session.Learn(130);
        session.Readings();
        session.Learn(1070);

        Assert.Equal(Trained(settings, BackpropagationRule.Entry), session.Fingerprint(0));
        Assert.Equal(Trained(settings, settings.Rule), session.Fingerprint(1));
    }

    [Fact]
    public void BothBeginAlike()
    {
        var readings = Start("task=xor").Readings();

        Assert.Equal(readings[3..5], readings[7..9]);
        Assert.Equal(Start("task=xor").Weights(0), Start("task=xor").Weights(1));
    }

    [Fact]
    public void TheAngleFalls()
    {
        var session = Start("task=circle");
        session.Learn(5000);

        Assert.All(Angles(session), angle => Assert.InRange(angle, 0, 60));
    }

    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("direct-feedback-alignment&hidden=8")]
    [InlineData("kolen-pollack")]
    public void WithTheForwardWeightsAsFeedbackTheAngleIsZero(string rule)
    {
        var session = Start($"task=circle&rule={rule}");
        session.Learn(500);
        Assert.Contains(Angles(session), angle => angle > 5);

        session.Intervene("copy");

        Assert.All(Angles(session), angle => Assert.Equal(0, angle, 1e-3));
        session.Intervene("flip");
        Assert.Equal(180, Angles(session)[^1], 1e-3);
    }

    [Fact]
    public void AnotherBRaisesTheAngleAndMovesNoForwardWeight()
    {
        var session = Start("task=circle");
        session.Learn(10_000);
        var (before, weights, feedback) = (Angles(session), session.Weights(1), session.Feedback());

        session.Intervene("redraw");

        Assert.Equal(weights, session.Weights(1));
        Assert.NotEqual(feedback, session.Feedback());
        Assert.Contains(Angles(session).Zip(before), pair => pair.First > pair.Second + 10);
    }

    [Fact]
    public void HalfOfTheConnectionsCanBeRemoved()
    {
        var session = Start("task=circle&hidden=8-6");
        session.Intervene("halve");

        // Two matrices, 6 × 8 and 2 × 6, each with four numbers before it.
        Assert.Equal(24, session.Feedback()[4..52].Count(number => number == 0));
        Assert.Equal(6, session.Feedback()[56..].Count(number => number == 0));
    }

    [Fact]
    public void FrozenHiddenLayersStayAsTheyAreAndTheLastLearns()
    {
        var session = Start("task=circle&rule=kolen-pollack");
        session.Learn(100);
        session.Intervene("freeze");
        var (before, feedback) = (new[] { session.Weights(0), session.Weights(1) }, session.Feedback());
        session.Learn(100);

        const int hidden = (2 * 8) + (8 * 8);
        for (var which = 0; which < 2; which++)
        {
            Assert.Equal(before[which][..hidden], session.Weights(which)[..hidden]);
            Assert.NotEqual(before[which][hidden..], session.Weights(which)[hidden..]);
        }

        Assert.Equal(feedback, session.Feedback());
        session.Intervene("thaw");
        session.Learn(100);
        Assert.NotEqual(before[1][..hidden], session.Weights(1)[..hidden]);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRuleCanBePlayedAndInterferedWith(string rule)
    {
        var session = Start($"task=gauss&hidden=4-4&rule={rule}");
        session.Learn(100);
        foreach (var what in new[] { "redraw", "copy", "flip", "halve", "freeze" })
        {
            try
            {
                session.Intervene(what);
            }
            catch (FormatException said)
            {
                Assert.Contains("feedback weights", said.Message, StringComparison.Ordinal);
            }
        }

        session.Learn(100);
        Assert.Equal(200, session.Readings()[0]);
        Assert.All(session.Weights(1), weight => Assert.True(double.IsFinite(weight)));
        Assert.Equal(2 * (1 + 1 + (2 * 4)), session.ErrorsOf(3).Length);
    }

    [Fact]
    public void TheErrorsOfAnExampleAreThoseOfTheInstruments()
    {
        var session = Start("task=circle&hidden=3");
        session.Learn(50);
        var readings = session.Readings();
        var angles = Enumerable.Range(0, session.Measured).Select(example => session.ErrorsOf(example)[1]);

        Assert.Equal(readings[FirstOfLayers], angles.Average(), 1e-9);
    }

    [Fact]
    public void PicturesAreOfTheRightSizeAndOfBothClasses()
    {
        var session = Start("task=circle&hidden=5-4");
        session.Learn(5000);
        var pictures = session.Pictures(1);

        Assert.Equal((2 * Session.Side * Session.Side) + (9 * Session.UnitSide * Session.UnitSide), pictures.Length);
        var middle = 2 * ((Session.Side / 2 * Session.Side) + (Session.Side / 2));
        Assert.Equal(1, pictures[middle]);
        Assert.Equal(0, pictures[2 * (Session.Side + 1)]);
    }

    [Fact]
    public void ADivergedNetworkSaysSoAndTheOtherGoesOn()
    {
        var session = Start("task=linear&rate=3");
        session.Learn(1000);

        Assert.Equal(1, session.Readings()[5]);
        Assert.Equal(1000, session.Examples);
    }

    [Fact]
    public void LinksSayEverythingAndAreReadBack()
    {
        var settings = Settings.Parse("task=own&hidden=3-2&rate=0.03&points=1,2,0;-1,0.5,2");

        Assert.Equal(
            "task=own&rule=feedback-alignment&hidden=3-2&activation=tanh&rate=0.03&scale=1&noise=10&batch=10&decay=0&seed=1"
                + "&points=1,2,0;-1,0.5,2",
            settings.ToString());
        Assert.Equal(settings.ToString(), Settings.Parse(settings.ToString()).ToString());
    }

    [Theory]
    [InlineData("tusk=circle", "tusk: is no setting; there are task, rule")]
    [InlineData("task=square", "task: none is called \"square\"; there are circle, xor")]
    [InlineData("rule=magic", "rule: no rule is called \"magic\"; there are backpropagation, ")]
    [InlineData("hidden=8-0", "hidden: must be 1 to 5 numbers from 1 to 32, joined by hyphens, was \"8-0\"")]
    [InlineData("hidden=8-33", "hidden: must be 1 to 5 numbers from 1 to 32")]
    [InlineData("hidden=1-1-1-1-1-1", "hidden: must be 1 to 5 numbers")]
    [InlineData("task=digits&hidden=101", "hidden: must be 1 to 5 numbers from 1 to 100")]
    [InlineData("rate=NaN", "rate: must be a number from 0 to 10, was \"NaN\"")]
    [InlineData("noise=51", "noise: must be a whole number from 0 to 50, was \"51\"")]
    [InlineData("batch=0", "batch: must be a whole number from 1 to 100, was \"0\"")]
    [InlineData("task=own", "points: there must be points of two classes at least; add some")]
    [InlineData("task=own&points=1,1,0;1,x,1", "points, line 2: y must be a number from -3 to 3, was \"x\"")]
    [InlineData("task=own&points=1,1,0;1,4,1", "points, line 2: y must be a number from -3 to 3, was \"4\"")]
    [InlineData("task=own&points=1,1,0;1,1", "points, line 2: must be x,y,class, was \"1,1\"")]
    [InlineData("task=own&points=1,1,4", "points, line 1: the class must be a whole number from 0 to 3, was \"4\"")]
    public void MistakesAreSaidInOneLine(string text, string message)
    {
        var said = Assert.Throws<FormatException>(() => Start(text)).Message;

        Assert.StartsWith(message, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public void EveryFifthPointOfAClassIsForTesting()
    {
        var lines = Enumerable.Range(0, 20).Select(i => $"{i / 10.0},0,{i % 2}").Prepend("x,y,class");
        var split = PointsText.Parse(string.Join('\n', lines));

        Assert.Equal(16, split.Train.Count);
        Assert.Equal([2, 2], split.Test.CountClasses());
    }

    private static Session Start(string settings) => new(Settings.Parse(settings));

    private static double[] Angles(Session session)
    {
        var readings = session.Readings();
        return [.. Enumerable.Range(0, (readings.Length - FirstOfLayers) / Session.NumbersOfLayer)
            .Select(layer => readings[FirstOfLayers + (layer * Session.NumbersOfLayer)])];
    }

    /// <summary>The same by the library's own loop.</summary>
    private static string Trained(Settings settings, RuleEntry entry)
    {
        var (streams, data) = (new RandomStreams(settings.Seed), settings.Task.Draw(settings));
        int[] sizes = [data.Train.Inputs.Columns, .. settings.Hidden, data.Train.Targets.Columns];
        var network = Network.Mlp(string.Join('-', sizes), settings.Seed, new() { Hidden = settings.Activation });
        var options = new TrainingOptions
        {
            Examples = 1200,
            Keep = KeptWeights.Last,
            BatchSize = settings.Batch,
            LearningRate = LearningRateSchedule.Constant((float)settings.Rate),
        };
        var feedback = new FeedbackOptions { Distribution = WeightDistribution.GlorotUniform(settings.Scale) };
        var rule = entry.Create(options.CreateSetup(network, settings.Task.Loss, streams, feedback));
        var optimizer = new Sgd(rule.LearnedParameters, weightDecay: (float)settings.Decay);
        new Trainer(rule, optimizer, new DataSplit(data.Train), options, streams).Run();
        return Fingerprint.Of(rule.LearnedParameters.Select(parameter => parameter.Read()));
    }
}
