using FeedbackAlignment.Networks;
using FeedbackAlignment.Testing;
using PublicApiGenerator;

namespace FeedbackAlignment.Tests.Architecture;

public sealed class PublicSurfaceTests
{
    /// <summary>What users of the package can call. A change here is a change of the package: it belongs in the changelog.</summary>
    [Fact]
    public void ThePublicSurfaceIsTheApprovedOne()
    {
        var library = typeof(Network).Assembly;
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
        };
        Approved.Matches("tests/FeedbackAlignment.Tests/Approved/PublicSurface.txt", library.GeneratePublicApi(options));
    }
}
