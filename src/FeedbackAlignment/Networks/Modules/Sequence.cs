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
    public override void Forward(Matrix input, PassMode mode) => Output = Forward(input, mode, 0, runs.Length);

    /// <summary>Runs some of its modules.</summary>
    /// <param name="input">batch × inputs of the first of them.</param>
    /// <param name="mode">Whether the pass learns or answers.</param>
    /// <param name="from">The first module.</param>
    /// <param name="to">The module behind the last.</param>
    /// <returns>batch × outputs of the last of them.</returns>
    public Matrix Forward(Matrix input, PassMode mode, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            runs[i].Forward(input, mode);
            input = runs[i].Output;
        }

        return input;
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted) => Backward(error, walk, isWanted, 0, runs.Length);

    /// <summary>Brings an error back through some of its modules.</summary>
    /// <param name="error">batch × outputs of the last of them.</param>
    /// <param name="walk">Takes the error across weights, and holds the gradients.</param>
    /// <param name="isWanted">Whether somebody needs the error at the inputs of the whole sequence.</param>
    /// <param name="from">The first module.</param>
    /// <param name="to">The module behind the last.</param>
    /// <returns>batch × inputs of the first of them; only defined if it is wanted there.</returns>
    public Matrix Backward(Matrix error, Walk walk, bool isWanted, int from, int to)
    {
        for (var i = to - 1; i >= from; i--)
        {
            var isWantedBelow = IsWantedBelow(i, walk, isWanted);
            error = runs[i].Backward(error, walk, isWantedBelow);
            if (isWantedBelow)
            {
                continue;
            }

            // Nobody wants it down to the next site, whose error is another.
            for (; i > from && !walk.IsBrought(sites[i - 1]); i--)
            {
            }

            if (i > from)
            {
                error = Bring(i, walk);
            }
        }

        return error;
    }

    /// <summary>Begins at the uppermost site of some of its modules to which an error is brought; nobody wants one from above.</summary>
    /// <param name="walk">Brings the error.</param>
    /// <param name="from">The first module.</param>
    /// <param name="to">The module behind the last; not the end of the sequence.</param>
    /// <returns>batch × inputs of the first of them; only defined if it is wanted there.</returns>
    public Matrix BackwardFromSite(Walk walk, int from, int to)
    {
        for (; to > from && !walk.IsBrought(sites[to - 1]); to--)
        {
        }

        return to > from ? Backward(Bring(to, walk), walk, isWanted: false, from, to) : default;
    }

    /// <summary>Brings the error to the site below a module.</summary>
    private Matrix Bring(int above, Walk walk)
        => walk.Bring(sites[above - 1], runs[above] is LayerRun layer ? layer.Input : runs[above - 1].Output);

    /// <summary>
    /// Whether the error at a module's inputs is wanted: above the next site to which an error is brought, a module learns from it.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="walk">Knows who brings errors where.</param>
    /// <param name="isWanted">Whether somebody needs the error at the inputs of the whole sequence.</param>
    public bool IsWantedBelow(int module, Walk walk, bool isWanted)
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
