using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Stands for a module that another rank runs. It takes no memory.</summary>
/// <param name="module">The module.</param>
internal sealed class AbsentRun(Module module) : ModuleRun
{
    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode) => throw Missing();

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted) => throw Missing();

    private InvalidOperationException Missing() => new($"{module.Name} belongs to another rank");
}
