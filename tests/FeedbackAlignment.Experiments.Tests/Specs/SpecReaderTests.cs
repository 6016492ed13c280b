using System.Text;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class SpecReaderTests
{
    [Fact]
    public void TheNoiseOfARuleThatDrawsSomeIsRead()
    {
        var spec = SpecReader.Read(
            """{ "rules": ["node-perturbation"], "ruleSettings": { "node-perturbation": { "options": { "noise": 0.05 } } } }""",
            Components.Standard);
        Assert.Equal(0.05, spec.RuleSettings["node-perturbation"].Options["noise"]);
    }

    [Fact]
    public void ARuleThatNeedsAnswersAtOnceDoesNotSuitASpikingNetwork()
    {
        const string spec = """
            { "rules": ["shallow", "node-perturbation"], "network": { "activation": "logistic", "spiking": {} }, "loss": "logistic-cross-entropy", "training": { "batchSize": 1 } }
            """;
        var problem = Assert.Single(Assert.Throws<SpecException>(() => SpecReader.Read(spec, Components.Standard)).Problems);
        Assert.Equal(("rules[1]", "node-perturbation does not work with network.spiking; leave one of the two out"),
            (problem.Path, problem.Message));
    }

    [Fact]
    public void MessagesAreAsApproved()
    {
        var text = new StringBuilder("What is said about bad specs. To accept changes: FA_APPROVE=1 dotnet test, then read the difference.\n");
        foreach (var (title, json) in BadSpecs.All)
        {
            text.Append($"\n# {title}\n{json}\n");
            TestSpecs.Problems(json).ToList().ForEach(problem => text.Append($"    {problem}\n"));
        }

        Approved.Matches("tests/FeedbackAlignment.Experiments.Tests/Approved/BadSpecs.txt", text.ToString());
    }

    [Fact]
    public void FiveMistakesGiveFiveProblemsAtOnce() => Assert.Equal(
        ["network.activation", "network.layers", "optimizer.learningRate", "optimizer.momentun", "rules[1]"],
        TestSpecs.Problems(BadSpecs.All[0].Json).Select(problem => problem.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryMessageIsOneShortLine() => Assert.All(
        BadSpecs.All.SelectMany(bad => TestSpecs.Problems(bad.Json)),
        problem => Assert.True(problem.ToString().Length is > 10 and < 400 && !problem.ToString().Any(char.IsControl), problem.ToString()));

    [Fact]
    public void TheMessageOfTheExceptionHasALineForEachProblem() =>
        Assert.Equal(5, Assert.Throws<SpecException>(() => SpecReader.Read(BadSpecs.All[0].Json, TestSpecs.Components)).Message.Split('\n')
            .Length);

    [Fact]
    public void AnEmptyObjectIsTheDefaultSpecOfVersion1() =>
        Assert.Equal(SpecWriter.Write(new ExperimentSpec { Format = 1 }), SpecWriter.Write(SpecReader.Read("{}", TestSpecs.Components)));

    [Fact]
    public void CommentsAndTrailingCommasAndASchemaKeyAreAllowed() =>
        Assert.Equal("x", SpecReader.Read("/* a */ { // b\n \"$schema\": \"s\", \"name\": \"x\", }", TestSpecs.Components).Name);

    [Theory]
    [InlineData("1800000")]
    [InlineData("1.8e6")]
    [InlineData("1800000.0")]
    public void WholeNumbersMayBeWrittenInAnyWay(string number) =>
        Assert.Equal(1_800_000,
            SpecReader.Read($$"""{ "training": { "examples": {{number}} } }""", TestSpecs.Components).Training.Examples);

    [Fact]
    public void NullsAreAcceptedWhereTheyMeanSomething() =>
        Assert.Null(SpecReader.Read("""{ "data": { "train": null, "teacher": null }, "feedback": { "seed": null } }""",
            TestSpecs.Components).Data.Train);

    [Fact]
    public void AStreamWithAByteOrderMarkIsRead() =>
        Assert.Equal("é", SpecReader.Read(new MemoryStream([.. Encoding.UTF8.Preamble, .. "{\"name\":\"é\"}"u8]), TestSpecs.Components)
            .Name);

    [Fact]
    public void BytesThatAreNotUtf8AreRefused() =>
        Assert.Contains("not UTF-8",
            Assert.Throws<SpecException>(() => SpecReader.Read(new MemoryStream([(byte)'{', 0xff]), TestSpecs.Components)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void TextThatIsNotUnicodeIsRefused() =>
        Assert.Contains("surrogate", TestSpecs.Problems("{ \"name\": \"\ud800\" }").Single().Message, StringComparison.Ordinal);

    [Fact]
    public void DeepNestingIsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"data\":", 100_000));
        Assert.Contains("depth", TestSpecs.Problems(deep).Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEndlessStreamIsRefused() =>
        Assert.Contains("too long", Assert.Throws<SpecException>(() => SpecReader.Read(new EndlessStream(), TestSpecs.Components)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ThousandsOfMistakesAreCutShort()
    {
        var problems = TestSpecs.Problems($"{{ {string.Join(',', Enumerable.Range(0, 50_000).Select(key => $"\"key{key}\":1"))} }}");
        Assert.Equal(101, problems.Count);
        Assert.Contains("more than 100", problems[^1].Message, StringComparison.Ordinal);
    }

    /// <summary>What is wrong behind the hundredth mistake is not noted, but nothing may be made of it.</summary>
    [Fact]
    public void WhatIsWrongBehindManyMistakesIsNotUsed()
        => Assert.Equal(101, TestSpecs.Problems(
            $$"""{ "seeds": [{{string.Join(',', Enumerable.Repeat("1", 300))}}], "network": { "layers": "line\nline" }, "loss": "none" }""").Count);

    [Fact]
    public void AHugeListIsReadInReasonableTime() =>
        Assert.Equal(100_000,
            SpecReader.Read($"{{ \"seeds\": [{string.Join(',', Enumerable.Range(0, 100_000))}] }}", TestSpecs.Components).Seeds.Count);

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
