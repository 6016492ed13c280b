using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>The engine's modules are PyTorch's, forward and back: both compute in double.</summary>
public sealed class EngineModulesAgainstPyTorchTests
{
    private const double Share = 1e-10;

    private static readonly string[] _files = [.. Fixture.Files.Except(["dense", "optimizers", "networks", "feedback", "resnet"])];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var file in _files)
        {
            foreach (var (number, element) in Fixture.Cases(file).Index())
            {
                if (!ModuleCase.ToCome.Contains(new ModuleCase(element).Name))
                {
                    cases.Add(file, number);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void OutputsErrorsAndGradients(string file, int number)
    {
        var given = new ModuleCase(Fixture.Cases(file)[number]);
        var module = given.Make();
        Fixture.AssertClose(given.Output, module.Forward(given.Input), Share, $"{given.Name}, output");
        Fixture.AssertClose(given.ErrorBelow, module.Backward(given.Error, weight => weight.Values), Share, $"{given.Name}, error below");
        Assert.Equal(given.Gradients.Keys.Order(), module.Weights.Select(weight => weight.Name).Order());
        foreach (var weight in module.Weights)
        {
            var expected = given.Gradients[weight.Name].Shaped(weight.Values.Rows());
            Fixture.AssertClose(expected, weight.Gradient!, Share, $"{given.Name}, gradient of {weight.Name}");
        }

        foreach (var (name, expected) in given.BuffersAfter)
        {
            Fixture.AssertClose(expected, given.BuffersAfterA((Norm)module)[name], Share, $"{given.Name}, {name}");
        }
    }

    [Fact]
    public void EveryModuleThatIsToComeIsRecorded()
    {
        var recorded = _files.SelectMany(Fixture.Cases).Select(element => new ModuleCase(element).Name).ToHashSet();
        Assert.All(ModuleCase.ToCome, name => Assert.Contains(name, recorded));
    }
}
