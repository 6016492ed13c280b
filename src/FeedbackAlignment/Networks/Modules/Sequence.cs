using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Modules one after another.</summary>
public sealed class Sequence : Module
{
    /// <summary>Puts modules in a row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="modules">
    /// From input to output, at least one; each takes as many numbers as the one before gives. Units in a row and a picture fit if they
    /// have as many numbers; two pictures must have one shape.
    /// </param>
    /// <exception cref="ArgumentException">There are none, or two neighbors do not fit.</exception>
    public Sequence(string name, IReadOnlyList<Module> modules)
        : base(name, Fitting(modules)[0].From, modules[^1].To)
        => Children = [.. modules];

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; }

    /// <inheritdoc/>
    public override string Kind => "sequence";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new SequenceRun(
            [.. Children.Select(setup.Begin)],
            [.. Children.Select(setup.Index.SiteOf)],
            [.. Children.Select(child => Network.All(child).Where(HasParametersOfItsOwn).ToArray())]);
    }

    private static bool HasParametersOfItsOwn(Module module)
        => module.Parameters.Except(module.Children.SelectMany(child => child.Parameters)).Any();

    private static IReadOnlyList<Module> Fitting(IReadOnlyList<Module> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        if (modules.Count == 0)
        {
            throw new ArgumentException("a sequence needs at least one module", nameof(modules));
        }

        for (var i = 1; i < modules.Count; i++)
        {
            if (modules[i].From.Size != modules[i - 1].To.Size)
            {
                throw new ArgumentException(
                    $"{modules[i - 1]} has {modules[i - 1].To.Size} outputs, but {modules[i]} takes {modules[i].From.Size} inputs",
                        nameof(modules));
            }

            if (!modules[i].From.Fits(modules[i - 1].To))
            {
                throw new ArgumentException(
                    $"{modules[i - 1]} makes pictures of {modules[i - 1].To}, but {modules[i]} takes pictures of {modules[i].From}",
                        nameof(modules));
            }
        }

        return modules;
    }
}

/// <summary>A sequence in one pass. Below a site to which an error is brought, nothing flows on from above.</summary>
/// <param name="runs">The modules' runs, from input to output.</param>
/// <param name="sites">The site after each module; −1 where there is none.</param>
/// <param name="learners">What can learn in each module: itself, or what is in it.</param>
internal sealed class SequenceRun(ModuleRun[] runs, int[] sites, Module[][] learners) : ModuleRun
{
    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        foreach (var run in runs)
        {
            run.Forward(input, mode);
            input = run.Output;
        }

        Output = input;
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        for (var i = runs.Length - 1; i >= 0; i--)
        {
            var isWantedBelow = IsWantedBelow(i, walk, isWanted);
            error = runs[i].Backward(error, walk, isWantedBelow);
            if (isWantedBelow)
            {
                continue;
            }

            // Nobody wants it down to the next site, whose error is another.
            for (; i > 0 && !walk.IsBrought(sites[i - 1]); i--)
            {
            }

            if (i > 0)
            {
                error = walk.Bring(sites[i - 1], runs[i] is LayerRun above ? above.Input : runs[i - 1].Output);
            }
        }

        return error;
    }

    /// <summary>
    /// Whether the error at a module's inputs is wanted: above the next site to which an error is brought, a module learns from it.
    /// </summary>
    private bool IsWantedBelow(int module, Walk walk, bool isWanted)
    {
        for (var i = module - 1; i >= 0; i--)
        {
            if (walk.IsBrought(sites[i]))
            {
                return false;
            }

            foreach (var learner in learners[i])
            {
                if (walk.IsTaught(learner))
                {
                    return true;
                }
            }
        }

        return isWanted;
    }

    /// <inheritdoc/>
    internal override void ReleaseInput()
    {
        foreach (var run in runs)
        {
            run.ReleaseInput();
        }
    }
}
