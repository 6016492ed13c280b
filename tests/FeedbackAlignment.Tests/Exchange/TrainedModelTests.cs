using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FeedbackAlignment.Tests.Exchange;

public sealed class TrainedModelTests
{
    private const float Tolerance = 1e-5f;

    /// <summary>Raw inputs in very different units; the third column was constant in training and is not any more.</summary>
    private static readonly Matrix _raw = Matrix.From(new[,] { { 1200f, 0.01f, 5, -1 }, { 3400, 0.05f, 7, 2 }, { 900, -0.02f, 5, 0 } });

    private static readonly Standardizer _inputs = new([2000, 0.02f, 5, 0.5f], [1500, 0.03f, 0, 2]);

    [Fact]
    public void RawInputsAreStandardizedThenScaledAndAnswersComeInTheUsersUnits()
    {
        var network = Some.Network("4-6-2", seed: 1);
        var targets = new Standardizer([200_000, 3], [50_000, 0]);
        var model = new TrainedModel(network, Loss.SquaredError) { InputStandardizer = _inputs, InputScale = 0.5f, TargetStandardizer = targets };
        var prepared = _inputs.Apply(_raw);
        Some.ForEach(prepared, (row, column) => prepared[row, column] *= 0.5f);
        var expected = targets.Invert(network.Predict(prepared));
        var untouched = _raw.Copy();
        Some.AssertSameBits(expected, model.Predict(_raw));
        Some.AssertSameBits(untouched, _raw);
        Assert.Equal(3, model.Predict(_raw)[0, 1]);
        Assert.StartsWith("the model has no ClassNames", Assert.Throws<InvalidOperationException>(() => model.PredictClasses(_raw)).Message, StringComparison.Ordinal);
        Assert.StartsWith("the network was trained on squared-error", Assert.Throws<InvalidOperationException>(() => model.PredictProbabilities(_raw)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassesHaveNamesAndProbabilities()
    {
        var model = Classifier();
        var probabilities = model.PredictProbabilities(_raw);
        Some.AssertSameBits(probabilities, model.Predict(_raw));
        Some.AssertSameBits(probabilities, model.Network.PredictProbabilities(_inputs.Apply(_raw), Loss.SoftmaxCrossEntropy));
        Assert.All(Enumerable.Range(0, 3), row => Assert.Equal(1, probabilities.Row(row).ToArray().Sum(), 1e-6));
        var classes = model.PredictClasses(_raw);
        Assert.All(Enumerable.Range(0, 3), row => Assert.Equal(probabilities.Row(row).ToArray().Max(), probabilities[row, classes[row]]));
        Assert.Equal(classes.Select(index => model.ClassNames![index]), model.PredictClassNames(_raw));
        Assert.True(classes.Distinct().Count() > 1);
    }

    public static TheoryData<string> Kinds => [.. Models.Keys];

    private static Dictionary<string, TrainedModel> Models => new()
    {
        ["classifier"] = Classifier(),
        ["scaled only"] = new TrainedModel(Some.Network("4-6-3", 1), Loss.LogisticCrossEntropy) { InputScale = 1 / 255f },
        ["standardized and scaled"] = new TrainedModel(Some.Network("4-6-3", 1), Loss.LogisticCrossEntropy) { InputStandardizer = _inputs, InputScale = 0.3f },
        ["regression"] = new TrainedModel(Some.Network("4-6-2", 1), Loss.SquaredError) { InputStandardizer = _inputs, TargetStandardizer = new([2, 3], [5, 0]) },
        ["one layer, targets only"] = new TrainedModel(Some.Network("4-2", 1), Loss.SquaredError) { TargetStandardizer = new([2, 3], [5, 0.1f]) },
        ["nothing"] = new TrainedModel(Some.Network("4-6-2", 1), Loss.SquaredError),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhatIsSavedAndLoadedAnswersWithTheSameBits(string kind)
    {
        var model = Models[kind];
        var loaded = TrainedModel.Load(Saved(model), "m.safetensors");
        Some.AssertSameBits(model.Predict(_raw), loaded.Predict(_raw));
        Assert.Equal((model.Loss, model.InputScale), (loaded.Loss, loaded.InputScale));
        Assert.Equal(model.ClassNames, loaded.ClassNames);
        Assert.Equal(model.InputNames, loaded.InputNames);
        Assert.Equal(model.InputStandardizer?.Means, loaded.InputStandardizer?.Means);
        Assert.Equal(model.TargetStandardizer?.Deviations, loaded.TargetStandardizer?.Deviations);
    }

    /// <summary>ONNX Runtime gets the raw inputs, the changed constant column among them.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void OnnxRuntimeAnswersRawInputsAsWeDo(string kind)
    {
        var model = Models[kind];
        using var stream = new MemoryStream();
        OnnxModel.Write(model, stream);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(stream.ToArray(), options);
        var tensor = new DenseTensor<float>([_raw.Rows, _raw.Columns]);
        Some.ForEach(_raw, (row, column) => tensor[row, column] = _raw[row, column]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", tensor)], ["output"]);
        var (actual, expected) = (results[0].AsTensor<float>(), model.Predict(_raw));
        Some.ForEach(expected, (row, column) => Assert.InRange(Math.Abs(actual[row, column] - expected[row, column]), 0, Tolerance * Math.Max(1, Math.Abs(expected[row, column]))));
        Assert.Equal(expected.Columns, actual.Dimensions[1]);
    }

    [Fact]
    public void ANetworkAloneIsNotTakenOutOfAFileWhoseStandardizerItNeeds()
    {
        Refused(Classifier(), "m.safetensors: the network in it needs the standardizer that is in the file too (inputs.mean [4]), which a network alone does not have");
        Refused(Models["scaled only"], "m.safetensors: the network in it needs inputs multiplied by \"0.003921569\", the file's inputScale");
        Refused(Models["one layer, targets only"], "m.safetensors: the network in it needs the standardizer that is in the file too (targets.mean [2])");

        // Names of classes are no reason: the outputs are right without them.
        var plain = new TrainedModel(Some.Network("4-6-2", 1), Loss.SoftmaxCrossEntropy) { ClassNames = ["a", "b"] };
        Some.AssertSameBits(plain.Network.Predict(_raw), Network.Load(Saved(plain), "m.safetensors").Predict(_raw));

        static void Refused(TrainedModel model, string problem)
        {
            var refusal = Assert.Throws<DataFormatException>(() => Network.Load(Saved(model), "m.safetensors")).Message;
            Assert.StartsWith(problem, refusal, StringComparison.Ordinal);
            Assert.EndsWith("Read the file with TrainedModel.Load", refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ALayerOfSomebodyElseMayBeCalledInputs()
    {
        var tensors = new[] { NamedTensor.Matrix("inputs.weight", Some.Matrix(3, 4, 1)), NamedTensor.Vector("inputs.bias", Some.Matrix(1, 3, 2)) };
        Assert.Equal(3, NetworkFile.FromTensors(new SafetensorsFile(tensors), "m").Outputs);
    }

    [Fact]
    public void NamesKeepEveryLetter()
    {
        string[] names = ["a,b", "\"quoted\"", "日本", ""];
        var model = new TrainedModel(Network.Mlp("2-4", 1), Loss.SoftmaxCrossEntropy) { ClassNames = names, InputNames = ["x\ty", "null"] };
        var loaded = TrainedModel.Load(Saved(model), "m");
        Assert.Equal(names, loaded.ClassNames);
        Assert.Equal(["x\ty", "null"], loaded.InputNames);
    }

    [Fact]
    public void InputsThatAreNoNumbersAreRefusedWithTheirPlace()
    {
        var raw = _raw.Copy();
        raw[1, 2] = float.NaN;
        Assert.StartsWith("row 1, column 2 (c) is NaN, must be a finite number", Refusal(() => Classifier().Predict(raw)), StringComparison.Ordinal);
        Assert.StartsWith("row 1, column 2 is NaN", Refusal(() => Models["regression"].Predict(raw)), StringComparison.Ordinal);
        Assert.StartsWith("row 1, column 2 is NaN", Refusal(() => Models["nothing"].Predict(raw)), StringComparison.Ordinal);
        Assert.StartsWith("row 1, column 2 (c) is NaN", Refusal(() => Classifier().PredictClasses(raw)), StringComparison.Ordinal);
        Assert.StartsWith("raw is 3 × 3, must be 3 × 4", Refusal(() => Classifier().Predict(new Matrix(3, 3))), StringComparison.Ordinal);
    }

    [Fact]
    public void PartsThatDoNotFitTheNetworkAreRefused()
    {
        var network = Network.Mlp("4-3", 1);
        Assert.StartsWith("the standardizer has 2 columns, must have 4", Refusal(() => new TrainedModel(network, Loss.SquaredError) { InputStandardizer = new([0, 0], [1, 1]) }), StringComparison.Ordinal);
        Assert.StartsWith("the standardizer has 2 columns, must have 3", Refusal(() => new TrainedModel(network, Loss.SquaredError) { TargetStandardizer = new([0, 0], [1, 1]) }), StringComparison.Ordinal);
        Assert.StartsWith("there are 2 class names, must be 3", Refusal(() => new TrainedModel(network, Loss.SquaredError) { ClassNames = ["a", "b"] }), StringComparison.Ordinal);
        Assert.StartsWith("two of the class names are \"a\"", Refusal(() => new TrainedModel(network, Loss.SquaredError) { ClassNames = ["a", "b", "a"] }), StringComparison.Ordinal);
        Assert.StartsWith("one of the input names is null", Refusal(() => new TrainedModel(network, Loss.SquaredError) { InputNames = ["a", "b", null!, "d"] }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainedModel(network, Loss.SquaredError) { InputScale = 0 });
        Assert.Throws<ArgumentException>(()
            => new TrainedModel(Network.Mlp("4-3", 1, new() { Output = Activation.Tanh }), Loss.SoftmaxCrossEntropy));
    }

    [Theory]
    [InlineData("loss", null, "the metadata do not say what the outputs mean; \"loss\" must be one of squared-error")]
    [InlineData("loss", "hinge", "the metadata name the loss \"hinge\", so it is unknown what the outputs mean")]
    [InlineData("inputScale", "much", "the metadata have the inputScale \"much\", must be a number")]
    [InlineData("inputScale", "NaN", "the scale of the inputs must be finite and not 0")]
    [InlineData("classes", "[1,2,3]", "the metadata have as classes \"[1,2,3]\", must be a JSON array of texts")]
    [InlineData("classes", "{", "the metadata have as classes \"{\", must be a JSON array of texts")]
    [InlineData("classes", "[\"a\",null,\"c\"]", "the metadata have as classes")]
    [InlineData("classes", "[\"a\"]", "there are 1 class names, must be 3, one for each output")]
    public void DamagedMetadataAreRefused(string key, string? value, string problem)
    {
        var file = SafetensorsFile.Read(Saved(Classifier()), "m");
        var metadata = file.Metadata.Where(entry => entry.Key != key).ToDictionary();
        if (value is not null)
        {
            metadata[key] = value;
        }

        AssertRefused(new SafetensorsFile(file.Tensors, metadata), problem);
    }

    [Fact]
    public void DamagedStandardizersAreRefused()
    {
        var file = SafetensorsFile.Read(Saved(Classifier()), "m");
        AssertRefused(With(null), "inputs.mean and inputs.deviation must both be there, with one dimension each");
        AssertRefused(With(NamedTensor.Matrix("inputs.deviation", new Matrix(4, 1))), "inputs.mean and inputs.deviation must both be there, with one dimension each");
        AssertRefused(With(NamedTensor.Vector("inputs.deviation", new Matrix(1, 3))), "there are 4 means and 3 deviations");
        AssertRefused(With(NamedTensor.Vector("inputs.deviation", Matrix.FromRow([1, 1, -1, 1]))), "column 2 has mean 5 and deviation -1");

        SafetensorsFile With(NamedTensor? deviations)
            => new([.. file.Tensors.Where(tensor => tensor.Name != "inputs.deviation"), .. deviations is null ? Array.Empty<NamedTensor>() : [deviations]], file.Metadata);
    }

    [Fact]
    public void AHeaderThatNobodyCouldReadIsNotWritten()
    {
        var model = new TrainedModel(Network.Mlp("2-3000", 1), Loss.SquaredError) { ClassNames = [.. Enumerable.Range(0, 3000).Select(i => new string('x', 400) + i.ToString(CultureInfo.InvariantCulture))] };
        Assert.Contains("more than the 1048576 that a header may have", Assert.Throws<NotSupportedException>(() => model.Save(new MemoryStream())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASpikingNetworkIsNotSaved()
        => Assert.Throws<NotSupportedException>(() => new TrainedModel(Some.Spiking("3-4-2"), Loss.SquaredError).Save(new MemoryStream()));

    private static TrainedModel Classifier() => new(Some.Network("4-9-3", seed: 3), Loss.SoftmaxCrossEntropy)
    {
        InputStandardizer = _inputs,
        ClassNames = ["cat", "dog", "eel"],
        InputNames = ["a", "b", "c", "d"],
    };

    private static MemoryStream Saved(TrainedModel model)
    {
        var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        return stream;
    }

    private static void AssertRefused(SafetensorsFile file, string problem)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        stream.Position = 0;
        Assert.StartsWith($"m: {problem}", Assert.Throws<DataFormatException>(() => TrainedModel.Load(stream, "m")).Message, StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> act) => Assert.Throws<ArgumentException>(act).Message;
}
